package com.example.map;

import io.snowline.coordination.CoordinatorUnavailableException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The backend: texts under keys, guarded by the map's monitor. */
final class SharedMap {

    private static final Map<String, SharedMap> ALL = new ConcurrentHashMap<>();

    final NavigableMap<String, String> texts = new TreeMap<>();

    /** The token of the latest namespace record of each namespace; a deletion of texts does not touch these tokens. */
    final Map<String, String> traces = new HashMap<>();

    boolean away;

    private SharedMap() {}

    static SharedMap named(String name) {
        return ALL.computeIfAbsent(name, unused -> new SharedMap());
    }

    void requireThere() {
        if (away) {
            throw new CoordinatorUnavailableException("the map is away");
        }
    }
}
