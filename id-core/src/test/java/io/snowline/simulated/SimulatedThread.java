package io.snowline.simulated;

/**
 * A thread whose id is the simulation's choice: a generator with several lanes picks one by the caller's id, which would
 * otherwise differ from one JVM to the next.
 */
public class SimulatedThread extends Thread {

    private long callerId;

    public SimulatedThread(Runnable body, String name) {
        super(body, name);
        setDaemon(true);
    }

    /** Makes the current thread look like another caller. */
    public static void becomeCaller(long id) {
        if (Thread.currentThread() instanceof SimulatedThread thread) {
            thread.callerId = id;
        }
    }

    @Override
    public long getId() {
        return callerId;
    }
}
