package io.snowline.simulation;

import io.snowline.id.IdLayout;
import java.util.HashMap;
import java.util.Map;

/** Sees every ID the moment it is issued, and fails the run at the first that breaks a promise. */
final class Auditor {

    private record Issue(String process, long atMillis) {}

    private final Timeline timeline;
    private final IdLayout layout;
    private final long longestLeadMillis;
    private final Map<Long, Issue> issued = new HashMap<>();
    private final Map<String, Long> newest = new HashMap<>();

    Auditor(Timeline timeline, IdLayout layout, long longestLeadMillis) {
        this.timeline = timeline;
        this.layout = layout;
        this.longestLeadMillis = longestLeadMillis;
    }

    void issued(String process, long id) {
        Issue before = issued.put(id, new Issue(process, timeline.nowMillis()));
        if (before != null) {
            throw new AssertionError("ID %d (%s) was issued twice: by %s at %d ms and by %s at %d ms"
                    .formatted(id, layout.decode(id), before.process, before.atMillis, process, timeline.nowMillis()));
        }
        Long last = newest.put(process, id);
        if (last != null && last >= id) {
            throw new AssertionError("%s issued %d after %d: not in order".formatted(process, id, last));
        }
        long lead = layout.decode(id).timestamp().toEpochMilli() - timeline.unixMillis();
        if (lead > longestLeadMillis) {
            throw new AssertionError("%s stamped %d ms ahead of true time, more than the %d ms that the cap allows"
                    .formatted(process, lead, longestLeadMillis));
        }
    }

    long count() {
        return issued.size();
    }
}
