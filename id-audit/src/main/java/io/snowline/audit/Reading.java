package io.snowline.audit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Counts what is read of the inputs, and tells how far it is.
 *
 * <p>Not thread-safe.
 */
final class Reading {

    private final List<Input> inputs;
    private final Progress progress;
    private final long ofOctets;
    private long octets;

    Reading(List<Input> inputs, Progress progress) {
        this.inputs = inputs;
        this.progress = progress;
        boolean known = inputs.stream().allMatch(input -> input.octets() >= 0);
        ofOctets = known ? inputs.stream().mapToLong(Input::octets).sum() : -1;
    }

    List<Input> inputs() {
        return inputs;
    }

    /**
     * Opens an input.
     *
     * @throws IOException if there is nothing to read there
     */
    InputStream open(Input input) throws IOException {
        return new FilterInputStream(input.opener().open()) {
            @Override
            public int read() throws IOException {
                int read = super.read();
                octets += read < 0 ? 0 : 1;
                return read;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int read = super.read(into, offset, length);
                octets += Math.max(0, read);
                return read;
            }
        };
    }

    /** Tells how far it is, if it is time. */
    void tell(long ids) {
        progress.read(ids, octets, ofOctets);
    }
}
