package io.snowline.lease;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks a coordinator's answer before any of it is trusted. An answer that is missing, or that contradicts itself or
 * the request, leaves the outcome of the step unknown.
 */
final class AnswerCheck {

    private AnswerCheck() {}

    /**
     * Returns the answer, if it can be valid.
     *
     * @throws CoordinatorUnavailableException if it cannot
     */
    static StoreView checked(@Nullable StoreView view) {
        if (view == null) {
            throw unbelievable("it is null");
        }
        if (view.namespace() == null || view.identity() == null || view.time() == null) {
            throw unbelievable("a part of it is null");
        }
        for (Map.Entry<Integer, Stored<NodeRecord>> entry : view.nodes().entrySet()) {
            Stored<NodeRecord> stored = entry.getValue();
            if (stored == null || stored.record().node() != entry.getKey()) {
                throw unbelievable("under node id %s it has %s".formatted(entry.getKey(), stored));
            }
        }
        return view;
    }

    /**
     * Returns the answer to a step, if it can be valid.
     *
     * @throws CoordinatorUnavailableException if it cannot; it is then unknown whether the step was applied
     */
    static Replaced checked(@Nullable Replaced replaced, Replacement step) {
        if (replaced == null) {
            throw unbelievable("it is null");
        }
        StoreView view = checked(replaced.view());
        if (replaced.applied()) {
            Optional<NamespaceRecord> namespace =
                    step.namespace().or(() -> step.expected().map(Stored::record));
            if (!view.namespace().map(Stored::record).equals(namespace)) {
                throw unbelievable("a step was applied, and the namespace record is another");
            }
            step.node().map(Replacement.NodeChange::next).ifPresent(next -> requireShown(view, next));
        }
        return replaced;
    }

    private static void requireShown(StoreView view, NodeRecord written) {
        Optional<NodeRecord> shown = view.node(written.node()).map(Stored::record);
        if (!shown.equals(Optional.of(written))) {
            throw unbelievable("a step was applied, and the record of node id %s is another".formatted(written.node()));
        }
    }

    private static CoordinatorUnavailableException unbelievable(String why) {
        return new CoordinatorUnavailableException("the coordinator's answer cannot be believed: " + why);
    }
}
