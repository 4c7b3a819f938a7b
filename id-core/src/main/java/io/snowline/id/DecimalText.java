package io.snowline.id;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Writes non-negative numbers as decimal digits, two at a time. */
final class DecimalText {

    private static final VarHandle PAIR = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final short[] PAIRS = pairs();
    private static final int FOUR_DIGITS = 10_000;
    private static final int EIGHT_DIGITS = 100_000_000;
    private static final long SMALLEST_OF_TWELVE_DIGITS = 100_000_000_000L;

    private DecimalText() {}

    /** Returns "00" to "99", each as one number whose higher byte is the first character. */
    private static short[] pairs() {
        short[] pairs = new short[100];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (short) (('0' + i / 10) << 8 | ('0' + i % 10));
        }
        return pairs;
    }

    /** Writes a number, and returns the offset after it. */
    static int write(long number, byte[] target, int offset) {
        if (number < EIGHT_DIGITS) {
            return writeShort((int) number, target, offset);
        }
        long higher = number / EIGHT_DIGITS;
        int end = write(higher, target, offset);
        writeEight((int) (number - higher * EIGHT_DIGITS), target, end);
        return end + 8;
    }

    /**
     * Writes numbers, each between two texts, and returns the offset after the last. Where only the last four digits
     * differ from the previous number, the others are copied: 8 to 15 of them, as two overlapping words.
     */
    static int write(long[] numbers, int count, byte[] before, byte[] after, byte[] target, int offset) {
        int at = offset;
        long head = Long.MIN_VALUE; // of no number
        int headLength = 0;
        long headBegin = 0;
        long headEnd = 0;
        for (int i = 0; i < count; i++) {
            long number = numbers[i];
            at = IdFormat.put(before, target, at);
            long higher = number / FOUR_DIGITS;
            if (higher == head) {
                EIGHT.set(target, at, headBegin);
                EIGHT.set(target, at + headLength - 8, headEnd);
                at += headLength;
                writeFour((int) (number - higher * FOUR_DIGITS), target, at);
                at += 4;
            } else {
                int start = at;
                at = write(IdFormat.requireId(number), target, at);
                if (number >= SMALLEST_OF_TWELVE_DIGITS) {
                    head = higher;
                    headLength = at - start - 4;
                    headBegin = (long) EIGHT.get(target, start);
                    headEnd = (long) EIGHT.get(target, at - 12);
                }
            }
            at = IdFormat.put(after, target, at);
        }
        return at;
    }

    /** Writes eight digits, leading zeros included. */
    private static void writeEight(int number, byte[] target, int offset) {
        int higher = number / FOUR_DIGITS;
        writeFour(higher, target, offset);
        writeFour(number - higher * FOUR_DIGITS, target, offset + 4);
    }

    private static void writeFour(int number, byte[] target, int offset) {
        int higher = number / 100;
        PAIR.set(target, offset, PAIRS[higher]);
        PAIR.set(target, offset + 2, PAIRS[number - higher * 100]);
    }

    /** Writes a number below 10^8 without leading zeros. */
    private static int writeShort(int number, byte[] target, int offset) {
        int end = offset + length(number);
        int at = end;
        int rest = number;
        while (rest >= 10) {
            int higher = rest / 100;
            at -= 2;
            PAIR.set(target, at, PAIRS[rest - higher * 100]);
            rest = higher;
        }
        if (at > offset) {
            target[offset] = (byte) ('0' + rest);
        }
        return end;
    }

    private static int length(int number) {
        int length = 1;
        for (int bound = 10; length < 8 && number >= bound; bound *= 10) {
            length++;
        }
        return length;
    }
}
