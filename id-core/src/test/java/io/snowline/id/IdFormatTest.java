package io.snowline.id;

import static io.snowline.id.IdFormat.BASE32;
import static io.snowline.id.IdFormat.BASE62;
import static io.snowline.id.IdFormat.DECIMAL;
import static io.snowline.id.IdFormat.HEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdFormatTest {

    private static final long SEED = 20250101;
    private static final int ROUNDS = 5_000;

    // ---- known texts ----

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0000000000000000, 00000000000, 0000000000000",
        "1, 1, 0000000000000001, 00000000001, 0000000000001",
        "31, 31, 000000000000001f, 0000000000V, 000000000000Z",
        "61, 61, 000000000000003d, 0000000000z, 000000000001X",
        "62, 62, 000000000000003e, 00000000010, 000000000001Y",
        "9007199254740991, 9007199254740991, 001fffffffffffff, 00fFgnDxSe7, 007ZZZZZZZZZZ",
        "1234567890123456789, 1234567890123456789, 112210f47de98115, 1TCKi1nFuNh, 128GGYHYYK08N",
        "9223372036854775807, 9223372036854775807, 7fffffffffffffff, AzL8n0Y58m7, 7ZZZZZZZZZZZZ"
    })
    void eachFormatWritesAndReadsWhatOthersWrite(long id, String decimal, String hex, String base62, String base32) {
        assertThat(Stream.of(IdFormat.values()).map(format -> format.format(id)))
                .containsExactly(decimal, hex, base62, base32);
        assertThat(LongStream.of(DECIMAL.parse(decimal), HEX.parse(hex), BASE62.parse(base62), BASE32.parse(base32)))
                .containsOnly(id);
    }

    @ParameterizedTest
    @EnumSource
    void negativeIdsAreNotWritten(IdFormat format) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.format(-1))
                .withMessage("id must be from 0 to 9223372036854775807, got -1");
        assertThatIllegalArgumentException().isThrownBy(() -> format.format(Long.MIN_VALUE));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIntoAnArrayIsTheTextAndNothingElse(IdFormat format) {
        ids().forEach(id -> {
            byte[] target = new byte[format.maxLength() + 2];
            int end = format.write(id, target, 1);
            assertThat(new String(target, 1, end - 1, StandardCharsets.US_ASCII))
                    .isEqualTo(format.format(id));
            assertThat(target[0]).isZero();
            assertThat(target[target.length - 1]).isZero();
        });
    }

    /** IDs close together and far apart, across every carry, and of every length. */
    @ParameterizedTest
    @EnumSource
    void severalIdsAreWrittenAsOneByOne(IdFormat format) {
        long[] ids = LongStream.iterate(1, power -> power * 10)
                .limit(19)
                .flatMap(power -> LongStream.of(power - 1, power, power + 1, power + 9_999, power + 10_000, power + 3))
                .toArray();
        byte[] target = new byte[ids.length * (format.maxLength() + 3) + 2];
        int end = format.write(ids, ids.length - 1, new byte[] {'<'}, new byte[] {'>', ','}, target, 1);

        assertThat(new String(target, 1, end - 1, StandardCharsets.US_ASCII))
                .isEqualTo(LongStream.of(ids)
                        .limit(ids.length - 1)
                        .mapToObj(id -> "<" + format.format(id) + ">,")
                        .collect(Collectors.joining()));
        assertThat(target[0]).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void noneOfSeveralIdsMayBeNegative(IdFormat format) {
        byte[] nothing = {};
        for (long negative : new long[] {-1, -9_999, -10_000, Long.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> format.write(new long[] {7, negative}, 2, nothing, nothing, new byte[64], 0))
                    .withMessage("id must be from 0 to 9223372036854775807, got " + negative);
        }
    }

    @Test
    void decimalTextsAreTheJdks() {
        LongStream.concat(
                        ids(),
                        LongStream.iterate(1, power -> power * 10)
                                .limit(19)
                                .flatMap(power -> LongStream.of(power - 1, power)))
                .forEach(id -> assertThat(DECIMAL.format(id)).isEqualTo(Long.toString(id)));
    }

    // ---- properties ----

    @ParameterizedTest
    @EnumSource
    void everyIdSurvivesBeingWrittenAndRead(IdFormat format) {
        ids().forEach(id -> assertThat(format.parse(format.format(id))).isEqualTo(id));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DECIMAL")
    void textsOfFixedWidthSortLikeTheirIds(IdFormat format) {
        String[] texts = ids().sorted().mapToObj(format::format).toArray(String[]::new);
        assertThat(texts).isSorted().doesNotHaveDuplicates();
        assertThat(Arrays.stream(texts).mapToInt(String::length).distinct()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void whateverIsReadIsExactlyWhatWouldBeWritten(IdFormat format) {
        SplittableRandom random = new SplittableRandom(SEED);
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String text = mutated(random, format.format(random.nextLong() >>> random.nextInt(1, 64)));
            try {
                long id = format.parse(text);
                assertThat(format.format(id))
                        .as("seed %d, round %d", SEED, round)
                        .isEqualTo(text);
                accepted++;
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith(format.formatName() + " ID must ");
            }
        }
        assertThat(accepted).isBetween(1, ROUNDS - 1);
    }

    private static String mutated(SplittableRandom random, String text) {
        int at = random.nextInt(text.length());
        String some = Character.toString(random.nextInt(0x80));
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at) + some + text.substring(at + 1);
            case 1 -> text.substring(0, at) + some + text.substring(at);
            case 2 -> text.substring(0, at) + text.substring(at + 1);
            default -> some + text.substring(1);
        };
    }

    /** Distinct IDs of every magnitude, unsorted, with both ends and the neighbours of the powers of two. */
    private static LongStream ids() {
        SplittableRandom random = new SplittableRandom(SEED);
        LongStream edges = LongStream.range(0, 63).flatMap(bit -> LongStream.of((1L << bit) - 1, 1L << bit));
        LongStream others = random.longs(ROUNDS).map(any -> any >>> random.nextInt(1, 64));
        return LongStream.concat(LongStream.concat(edges, LongStream.of(Long.MAX_VALUE)), others)
                .distinct();
    }

    // ---- texts that are refused ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "-0",
                "+1",
                " 1",
                "1 ",
                "1\n",
                "1_0",
                "1,0",
                "1.0",
                "1e3",
                "0x1",
                "1L",
                "a",
                "null",
                "NaN",
                "\u0661",
                "1\u0662",
                "\u0967",
                "\uff11",
                "\u00b2",
                "\ud835\udfcf",
                "1\u0000"
            })
    void decimalIsOfAsciiDigitsOnly(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DECIMAL.parse(text))
                .withMessageStartingWith("decimal ID must be 1 to 19 characters of 0123456789, got '");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "007", "0000000000000000001"})
    void decimalHasNoLeadingZeros(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DECIMAL.parse(text))
                .withMessage("decimal ID must not have leading zeros, got '" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "DECIMAL, 9223372036854775808, 9223372036854775807",
        "DECIMAL, 9999999999999999999, 9223372036854775807",
        "HEX, 8000000000000000, 7fffffffffffffff",
        "HEX, ffffffffffffffff, 7fffffffffffffff",
        "BASE62, AzL8n0Y58m8, AzL8n0Y58m7",
        "BASE62, zzzzzzzzzzz, AzL8n0Y58m7",
        "BASE32, 8000000000000, 7ZZZZZZZZZZZZ",
        "BASE32, ZZZZZZZZZZZZZ, 7ZZZZZZZZZZZZ"
    })
    void nothingAbove63BitsIsRead(IdFormat format, String text, String greatest) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.parse(text))
                .withMessage("%s ID must be at most %s, got '%s'".formatted(format.formatName(), greatest, text));
    }

    @ParameterizedTest
    @CsvSource({
        "DECIMAL, 18446744073709551616",
        "HEX, 00000000000000001",
        "HEX, 000000000000001",
        "HEX, 1",
        "HEX, 000000000000000F",
        "HEX, 000000000000000g",
        "HEX, -000000000000001",
        "HEX, 0x00000000000001",
        "BASE62, 000000000001",
        "BASE62, 0000000001",
        "BASE62, 0000000000-",
        "BASE62, 0000000000_",
        "BASE62, 0000000000\u00e9",
        "BASE32, 00000000000001",
        "BASE32, 000000000001",
        "BASE32, 000000000000z",
        "BASE32, 000000000000I",
        "BASE32, 000000000000L",
        "BASE32, 000000000000O",
        "BASE32, 000000000000U",
        "BASE32, 00000-0000000",
        "BASE32, +000000000001"
    })
    void anotherLengthOrAlphabetIsRefused(IdFormat format, String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.parse(text))
                .withMessageStartingWith(format.formatName() + " ID must be ")
                .withMessageContaining(" characters of 0123456789")
                .withMessageContaining(", got '");
    }

    @Test
    void messagesNameTheRule() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HEX.parse("7B"))
                .withMessage("hex ID must be 16 characters of 0123456789abcdef, got '7B'");
    }

    @Test
    void messagesCutLongTextsAndEscapeWhatIsNotPrintable() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DECIMAL.parse("9".repeat(1_000_000)))
                .withMessage("decimal ID must be 1 to 19 characters of 0123456789, got '" + "9".repeat(40)
                        + "'... (1000000 characters)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DECIMAL.parse("1\r\n\u0662"))
                .withMessage("decimal ID must be 1 to 19 characters of 0123456789, got '1\\u000d\\u000a\\u0662'");
    }

    @ParameterizedTest
    @EnumSource
    void aMissingTextIsRefused(IdFormat format) {
        assertThatNullPointerException().isThrownBy(() -> format.parse(null)).withMessage("text");
    }

    // ---- names ----

    @Test
    void formatsAreFoundByName() {
        assertThat(Stream.of("decimal", "hex", "base62", "base32").map(IdFormat::of))
                .containsExactly(IdFormat.values());
    }

    @ParameterizedTest
    @EnumSource
    void aFormatIsFoundByTheNameItGives(IdFormat format) {
        assertThat(IdFormat.of(format.formatName())).isSameAs(format);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Hex", "HEX", " hex", "base64", "number"})
    void anUnknownNameIsRefusedWithThoseThereAre(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdFormat.of(name))
                .withMessage("format must be one of [decimal, hex, base62, base32], got '" + name + "'");
    }

    @Test
    void aMissingNameIsRefused() {
        assertThatNullPointerException().isThrownBy(() -> IdFormat.of(null)).withMessage("name");
    }
}
