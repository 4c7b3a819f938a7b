package io.snowline.id;

/** One thread's block. */
final class Block extends BlockFields {
    final Allowance allowance;
    long b1, b2, b3, b4, b5, b6, b7, b8;

    Block(Allowance allowance) {
        this.allowance = allowance;
    }
}

/** Keeps blocks of several threads apart in memory. */
class PadBeforeBlock {
    long a1, a2, a3, a4, a5, a6, a7, a8;
}

class BlockFields extends PadBeforeBlock {
    long next;
    long end;
    long spell;
}
