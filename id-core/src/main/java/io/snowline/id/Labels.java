package io.snowline.id;

import io.snowline.coordination.support.HostName;

/** Generates labels: names of processes for humans, in the characters that a record can hold. */
final class Labels {

    private static final int LONGEST = 64;

    private Labels() {}

    /** Returns {@code pid@host}. */
    static String ofThisProcess() {
        return printable(ProcessHandle.current().pid() + "@" + HostName.ofThisMachine());
    }

    /** Returns a text with every character that a label cannot hold replaced, truncated to 64 characters. */
    static String printable(String text) {
        String printable = text.replaceAll("[^!-~]|=", "_");
        return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST);
    }
}
