package io.snowline.lease;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceExistsException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.time.TimeSource;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Creates a namespace on an operator's word that it is new: that no process has issued IDs of it within {@code ahead} +
 * {@code guard}. Its floor is now, even where the coordinator cannot tell that it is new, or knows that it once
 * existed.
 *
 * <p>Not thread-safe.
 */
public final class NamespaceCreation {

    private static final int ATTEMPTS = 4;

    private final NamespaceSpec spec;
    private final NodeCoordinator coordinator;
    private final ReferenceClock clock;
    private final NamespaceAgreement agreement;

    public NamespaceCreation(
            NamespaceSpec spec,
            ReservationSettings settings,
            NodeCoordinator coordinator,
            TimeSource time,
            RandomGenerator random) {
        this.spec = spec;
        this.coordinator = coordinator;
        this.clock = new ReferenceClock(time);
        this.agreement = new NamespaceAgreement(spec, settings, new Tokens(random));
    }

    /**
     * Creates the namespace.
     *
     * @throws NamespaceExistsException if the coordinator already has it, even if another process creates it meanwhile
     * @throws CoordinatorUnavailableException if it is unknown whether it was created; calling again tells
     * @throws IllegalStateException if the layout has no time left
     */
    public void create() {
        for (int i = 0; i < ATTEMPTS; i++) {
            StoreView view = coordinator.read(spec.name());
            requireAbsent(view);
            var unused = clock.observe(view.time().map(Instant::toEpochMilli));
            agreement.cannotBegin(view, clock).ifPresent(obstacle -> {
                throw new IllegalStateException(obstacle.detail());
            });
            Replaced replaced = coordinator.replace(spec.name(), agreement.begin(view, clock));
            if (replaced.applied()) {
                return;
            }
            requireAbsent(replaced.view());
        }
        throw new CoordinatorUnavailableException(
                "namespace '%s' could not be made: something else changed in %s %s times in a row"
                        .formatted(spec.name(), coordinator, ATTEMPTS));
    }

    private void requireAbsent(StoreView view) {
        Optional<NamespaceRecord> record = view.namespace().map(Stored::record);
        if (record.isPresent()) {
            throw new NamespaceExistsException(
                    "namespace '%s' must not exist to be made, but %s has it (incarnation %s, layout %s)"
                            .formatted(
                                    spec.name(),
                                    coordinator,
                                    record.get().incarnation(),
                                    record.get().layout()));
        }
    }
}
