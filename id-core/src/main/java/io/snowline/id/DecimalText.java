package io.snowline.id;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers of 0 or more as decimal digits, written two at a time. */
final class DecimalText {

    private static final VarHandle PAIR = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final short[] PAIRS = pairs();
    private static final int EIGHT_DIGITS = 100_000_000;

    private DecimalText() {}

    /** Returns "00" to "99", each as one number whose higher byte is the first character. */
    private static short[] pairs() {
        short[] pairs = new short[100];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (short) (('0' + i / 10) << 8 | ('0' + i % 10));
        }
        return pairs;
    }

    /** Writes a number, and returns the offset behind it. */
    static int write(long number, byte[] target, int offset) {
        if (number < EIGHT_DIGITS) {
            return writeShort((int) number, target, offset);
        }
        long higher = number / EIGHT_DIGITS;
        int end = write(higher, target, offset);
        writeEight((int) (number - higher * EIGHT_DIGITS), target, end);
        return end + 8;
    }

    /** Writes eight digits, leading zeros included. */
    private static void writeEight(int number, byte[] target, int offset) {
        int higher = number / 10_000;
        writeFour(higher, target, offset);
        writeFour(number - higher * 10_000, target, offset + 4);
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
