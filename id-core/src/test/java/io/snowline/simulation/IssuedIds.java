package io.snowline.simulation;

import java.util.Arrays;

/**
 * Every ID that was issued, with a note on its issuer: a hash table with open addressing, since a run has tens of
 * thousands of IDs.
 */
final class IssuedIds {

    private static final long NONE = -1;

    private long[] ids = emptyTable(1 << 12);
    private long[] notes = new long[1 << 12];
    private int size;

    /** Adds an ID. Returns the note of the one that was there before; -1 if there was none. */
    long add(long id, long note) {
        if (2 * size >= ids.length) {
            grow();
        }
        int place = place(id);
        if (ids[place] == id) {
            return notes[place];
        }
        put(place, id, note);
        return NONE;
    }

    int size() {
        return size;
    }

    private void put(int place, long id, long note) {
        ids[place] = id;
        notes[place] = note;
        size++;
    }

    /** Returns the index at which an ID is, or would be. */
    private int place(long id) {
        int mask = ids.length - 1;
        int place = (int) ((id * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (ids[place] != NONE && ids[place] != id) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldIds = ids;
        long[] oldNotes = notes;
        ids = emptyTable(2 * oldIds.length);
        notes = new long[ids.length];
        size = 0;
        for (int i = 0; i < oldIds.length; i++) {
            if (oldIds[i] != NONE) {
                put(place(oldIds[i]), oldIds[i], oldNotes[i]);
            }
        }
    }

    private static long[] emptyTable(int length) {
        long[] table = new long[length];
        Arrays.fill(table, NONE);
        return table;
    }
}
