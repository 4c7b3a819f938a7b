package io.snowline.config;

import io.snowline.coordination.LeaseListener;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.GeneratorBuilder;
import io.snowline.id.IdGenerator;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import java.util.Optional;

/**
 * Starts generators as their settings say. Immutable and thread-safe.
 *
 * @param coordinator reserves windows
 * @param reservation how far ahead they reach
 * @param label this process' name for people; empty for the library's choice
 */
record Generators(NodeCoordinator coordinator, ReservationSettings reservation, Optional<String> label) {

    IdGenerator start(NamespaceSettings settings, LeaseListener listener) {
        return settings.leased() ? leased(settings, listener) : recorded(settings, listener);
    }

    private IdGenerator leased(NamespaceSettings settings, LeaseListener listener) {
        SnowflakeGenerator.Builder builder = SnowflakeGenerator.builder(coordinator, settings.namespace());
        configure(builder, settings, listener);
        return builder.lanes(settings.lanes()).maxLead(settings.maxLead()).start();
    }

    private IdGenerator recorded(NamespaceSettings settings, LeaseListener listener) {
        boolean ledger = settings.recorded()
                .ledger()
                .orElseGet(() -> coordinator.ledger(settings.namespace()).isPresent());
        RecordedIdGenerator.Builder builder = RecordedIdGenerator.builder(coordinator, settings.namespace());
        configure(builder, settings, listener);
        settings.recorded().node().ifPresent(builder::node);
        return builder.ledger(ledger).keep(settings.recorded().keep()).start();
    }

    private void configure(GeneratorBuilder<?> builder, NamespaceSettings settings, LeaseListener listener) {
        builder.layout(settings.layout())
                .reservation(reservation)
                .nodeIds(settings.nodeIds())
                .maxWait(settings.maxWait())
                .listener(listener);
        settings.startAbove().ifPresent(builder::startAbove);
        label.ifPresent(builder::label);
    }
}
