package io.snowline.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.id.IdFormat;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading IDs as text and in binary. */
class IdReaderTest {

    @ParameterizedTest
    @EnumSource
    void textIsReadInEveryFormat(IdFormat format) throws Exception {
        List<Long> ids = new Random(7).longs(20_000, 0, Long.MAX_VALUE).boxed().toList();
        StringBuilder text = new StringBuilder();
        ids.forEach(id -> text.append(format.format(id)).append('\n'));

        assertThat(read(format.formatName(), text.toString())).isEqualTo(ids);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0\n7\n9223372036854775807\n", "0\n7\n9223372036854775807", "0\r\n7\r\n9223372036854775807\r\n"})
    void linesEndInLfOrCrLfOrWithTheInput(String text) throws Exception {
        assertThat(read("decimal", text)).containsExactly(0L, 7L, Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'1\n\n2' | decimal ID must be 1 to 19 characters of 0123456789, got ''",
                "'1\n2 ' | got '2 '",
                "'1\n-2' | got '-2'",
                "'1\n02' | decimal ID must not have leading zeros, got '02'",
                "'1\n9223372036854775808' | decimal ID must be at most 9223372036854775807",
                "'1\n9999999999999999999' | decimal ID must be at most 9223372036854775807",
                "'1\n12345678901234567890' | got '12345678901234567890'",
                "'1\n\r\r\n' | got '\\u000d'"
            })
    void aLineThatIsNoIdIsRefusedWithTheRule(String text, String message) {
        assertThatThrownBy(() -> read("decimal", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aLineWithoutEndIsRefused() {
        assertThatThrownBy(() -> read("hex", "0".repeat(100_000)))
                .hasMessage("a line must hold one hex ID, got one of more than 65536 bytes");
    }

    @Test
    void binaryIdsAreEightBytesEach() throws Exception {
        long[] ids = new Random(8).longs(20_000, 0, Long.MAX_VALUE).toArray();
        ByteBuffer bytes = ByteBuffer.allocate(ids.length * Long.BYTES);
        bytes.asLongBuffer().put(ids);

        assertThat(read("binary", bytes.array()))
                .containsExactly(Arrays.stream(ids).boxed().toArray(Long[]::new));
    }

    @Test
    void binaryThatIsNoIdIsRefused() {
        assertThatThrownBy(() -> read("binary", new byte[11]))
                .hasMessage("binary ID must be 8 bytes, got 3 at the end of the input");
        assertThatThrownBy(() -> read("binary", new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}))
                .hasMessage("binary ID must be from 0 to 9223372036854775807, got -1");
    }

    @Test
    void nothingIsNoId() throws Exception {
        assertThat(read("decimal", "")).isEmpty();
        assertThat(read("binary", "")).isEmpty();
    }

    @Test
    void placesAreLinesOrBytes() {
        assertThat(IdEncoding.of("hex").place(4)).isEqualTo("line 5");
        assertThat(IdEncoding.of("binary").place(4)).isEqualTo("byte 32");
    }

    private static List<Long> read(String encoding, String text) throws IOException {
        return read(encoding, text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Long> read(String encoding, byte[] bytes) throws IOException {
        List<Long> ids = new ArrayList<>();
        try (IdReader reader = IdEncoding.of(encoding).reader(dribble(bytes))) {
            for (long id = reader.next(); id != IdReader.NONE; id = reader.next()) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** Returns a few bytes at a time, as pipes may. */
    private static InputStream dribble(byte[] bytes) {
        Random random = new Random(9);
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] target, int from, int most) throws IOException {
                return super.read(target, from, Math.min(most, 1 + random.nextInt(50)));
            }
        };
    }
}
