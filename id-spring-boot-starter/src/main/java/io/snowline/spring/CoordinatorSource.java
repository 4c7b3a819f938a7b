package io.snowline.spring;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.id.GeneratorBuilder;
import io.snowline.id.IdLayout;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.convert.DurationStyle;

/** Generators that reserve windows in a coordinator. Thread-safe. */
final class CoordinatorSource implements GeneratorSource {

    private static final String FOREVER = "forever";
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})(?:\\s*-\\s*([0-9]{1,9}))?");

    private final NodeCoordinator coordinator;
    private final SnowlineSettings settings;

    CoordinatorSource(NodeCoordinator coordinator, SnowlineSettings settings) {
        this.coordinator = coordinator;
        this.settings = settings;
    }

    @Override
    public Issuing start(String namespace, LeaseEvents events) {
        SnowlineProperties.Generator generator = settings.generator(namespace);
        try {
            return IssuingMode.of(generator.mode()) == IssuingMode.LEASED
                    ? leased(namespace, generator, events)
                    : recorded(namespace, generator, events);
        } catch (IllegalArgumentException e) {
            throw new SnowlineConfigurationException(
                    "snowline.generators.%s: %s".formatted(namespace, e.getMessage()), e);
        }
    }

    private Issuing leased(String namespace, SnowlineProperties.Generator generator, LeaseEvents events) {
        SnowflakeGenerator.Builder builder = SnowflakeGenerator.builder(coordinator, namespace);
        configure(builder, generator, events);
        return Issuing.leased(
                builder.lanes(generator.lanes()).maxLead(generator.maxLead()).start());
    }

    private Issuing recorded(String namespace, SnowlineProperties.Generator generator, LeaseEvents events) {
        if (generator.lanes() != 1) {
            throw new IllegalArgumentException("lanes must be 1 in recorded mode, got " + generator.lanes());
        }
        SnowlineProperties.Recorded recorded = generator.recorded();
        RecordedIdGenerator.Builder builder = RecordedIdGenerator.builder(coordinator, namespace);
        configure(builder, generator, events);
        if (recorded.node() != null) {
            builder.node(recorded.node());
        }
        boolean ledger =
                recorded.ledger() == null ? coordinator.ledger(namespace).isPresent() : recorded.ledger();
        return Issuing.recorded(
                builder.ledger(ledger).keep(keep(recorded.keep())).start());
    }

    private void configure(GeneratorBuilder<?> builder, SnowlineProperties.Generator generator, LeaseEvents events) {
        builder.layout(layout(generator))
                .reservation(settings.properties().reservation().settings())
                .listener(events);
        if (generator.nodeIds() != null) {
            builder.nodeIds(range(generator.nodeIds()));
        }
        if (generator.maxWait() != null) {
            builder.maxWait(generator.maxWait());
        }
        if (generator.startAbove() != null) {
            builder.startAbove(generator.startAbove());
        }
        String label = settings.properties().label();
        if (label != null) {
            builder.label(label);
        }
    }

    private static IdLayout layout(SnowlineProperties.Generator generator) {
        SnowlineProperties.Layout bits = generator.layout();
        return new IdLayout(bits.timestampBits(), bits.nodeBits(), bits.sequenceBits(), bits.tick(), generator.epoch());
    }

    private static NodeIdRange range(String text) {
        Matcher matcher = RANGE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("nodeIds must be a range such as 0-1023, got '" + text + "'");
        }
        int first = Integer.parseInt(matcher.group(1));
        return new NodeIdRange(first, matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2)));
    }

    private static Optional<Duration> keep(String text) {
        if (text.equals(FOREVER)) {
            return Optional.empty();
        }
        try {
            return Optional.of(DurationStyle.detectAndParse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "recorded.keep must be a duration such as 24h, or forever, got '" + text + "'", e);
        }
    }

    @Override
    public String toString() {
        return coordinator.toString();
    }
}
