package io.snowline.walk;

/**
 * One thing that may happen next: its name, which is the same in every run that reaches it, and what it touches.
 *
 * <p>Two steps are independent if neither touches what the other touches. Then their order makes no difference, and
 * neither makes the other possible or impossible: the walk takes them in one order only.
 *
 * @param touches bits; {@link #READ} is shared by steps that only read, every other bit belongs to one step at a time
 */
record Step(String name, int touches) {

    /** The store is read. */
    static final int READ = 1;

    /** The store is written, or its clock is moved. */
    static final int WRITE = 2;

    /** The first bit that a scene may give a meaning of its own. */
    static final int FIRST_FREE = 4;

    boolean independentOf(Step other) {
        int both = touches & other.touches;
        int either = touches | other.touches;
        boolean readWhileWritten = (both & READ) != 0 && (either & WRITE) != 0;
        return (both & ~READ) == 0 && !readWhileWritten;
    }

    @Override
    public String toString() {
        return name;
    }
}
