package io.snowline.coordination.support;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that was probably meant. Stateless and thread-safe. */
public final class NearestName {

    /** Of the letters, this share may be wrong. */
    private static final int ONE_OF = 3;

    private NearestName() {}

    /** Returns the known name with the fewest letters to change; empty if all are too different. */
    public static Optional<String> of(String name, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= Math.max(1, name.length() / ONE_OF))
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
    }

    /** Returns the Levenshtein distance: how many letters must be inserted, deleted or replaced. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
