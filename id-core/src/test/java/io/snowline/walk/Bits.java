package io.snowline.walk;

/**
 * What the steps of one process touch: its memory, and its calls in flight. And what faults share: each uses up a part
 * of the budget of its kind, which all processes share.
 */
record Bits(int memory, int network) {

    static final int UNANSWERED = Step.FIRST_FREE;
    static final int REPEATED = Step.FIRST_FREE << 1;
    static final int CRASHES = Step.FIRST_FREE << 2;
    static final int CLOSES = Step.FIRST_FREE << 3;

    static Bits ofProcess(int index) {
        int first = Step.FIRST_FREE << (4 + 2 * index);
        return new Bits(first, first << 1);
    }

    int all() {
        return memory | network;
    }
}
