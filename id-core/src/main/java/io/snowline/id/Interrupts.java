package io.snowline.id;

/**
 * Keeps a thread's interrupt away from work that other threads depend on, and gives it back when that is done.
 *
 * <p>Not thread-safe: one thread uses it at a time.
 */
final class Interrupts {

    /** How often something is tried that interrupts have broken off; more of them come from nothing but a loop. */
    static final int ATTEMPTS = 16;

    private boolean taken;

    /** Takes an interrupt off the calling thread; tells whether there was one. */
    boolean take() {
        boolean interrupted = Thread.interrupted();
        taken |= interrupted;
        return interrupted;
    }

    /** Interrupts the calling thread again, if it was interrupted before or meanwhile. */
    void giveBack() {
        take();
        boolean interrupted = taken;
        taken = false;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
