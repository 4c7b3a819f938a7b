package io.snowline.server.cli;

import io.dropwizard.core.setup.Bootstrap;
import io.snowline.audit.LayoutArguments;
import io.snowline.id.DecodedId;
import io.snowline.id.IdLayout;
import io.snowline.server.config.GeneratorSettings;
import io.snowline.server.config.SnowlineConfiguration;
import java.time.Duration;
import java.time.Instant;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code relayout <largest id> [config.yml] --layout … --tick … --epoch …}: checks whether IDs of another layout or epoch
 * can continue those of a namespace, and prints the YAML of the namespace that does. The layout of a namespace never
 * changes, so the new one has a name of its own.
 */
public final class RelayoutCommand extends FileCommand {

    /** Makes the command. */
    public RelayoutCommand() {
        super("relayout", "Checks whether another layout can continue a namespace's IDs, and prints its YAML");
    }

    @Override
    public void configure(Subparser subparser) {
        subparser.addArgument("largest").type(Long.class).help("the largest ID so far, such as SELECT max(id)");
        super.configure(subparser);
        Namespaces.addTo(subparser);
        LayoutArguments.addTo(subparser);
        subparser.addArgument("--as").help("the name of the new namespace; by default the old one's with -2 after it");
    }

    @Override
    protected void run(
            Bootstrap<SnowlineConfiguration> bootstrap, Namespace arguments, SnowlineConfiguration configuration) {
        GeneratorSettings old = Namespaces.choose(configuration.generators(), arguments);
        String name = arguments.getString("as") == null ? old.namespace() + "-2" : arguments.getString("as");
        try {
            System.out.print(answer(
                    name,
                    old,
                    LayoutArguments.layout(arguments, old.layout()),
                    arguments.getLong("largest"),
                    Instant.now(),
                    configuration.reservation().ahead()));
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Returns the YAML of the new namespace.
     *
     * @throws IllegalArgumentException if its IDs would not all be larger than those of the old one
     */
    static String answer(
            String name, GeneratorSettings old, IdLayout layout, long largest, Instant now, Duration ahead) {
        DecodedId last = old.layout().decode(largest);
        requireOther(name, old, layout);
        if (largest > layout.lastId()) {
            throw new IllegalArgumentException("every ID must be larger than %s, but the largest of %s is %s"
                    .formatted(largest, text(layout), layout.lastId()));
        }
        try {
            layout.requireInReach(largest, now, ahead);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(collision(old.layout(), layout, layout.smallestId(now)), e);
        }
        return """
                # The largest ID so far is of %s.
                # In the new layout IDs above it begin at %s, so each new one is larger.
                # Stop every process of '%s' before the first of '%s' starts.
                generators:
                  %s:
                    layout: {timestampBits: %s, nodeBits: %s, sequenceBits: %s, tick: %sms}
                    epoch: %s
                    startAbove: %s
                """
                .formatted(
                        last.timestamp(),
                        layout.decode(largest).timestamp().plus(layout.tick()),
                        old.namespace(),
                        name,
                        name,
                        layout.timestampBits(),
                        layout.nodeBits(),
                        layout.sequenceBits(),
                        layout.tick().toMillis(),
                        layout.epoch(),
                        largest);
    }

    private static void requireOther(String name, GeneratorSettings old, IdLayout layout) {
        if (layout.equals(old.layout())) {
            throw new IllegalArgumentException(
                    "--layout, --tick or --epoch must differ from those of '%s', got the same"
                            .formatted(old.namespace()));
        }
        if (name.equals(old.namespace())) {
            throw new IllegalArgumentException(
                    "--as must be another name than '%s', whose layout never changes, got the same".formatted(name));
        }
    }

    /** Shows an ID that both layouts have: an old one, and one that would be issued now. */
    private static String collision(IdLayout before, IdLayout after, long id) {
        DecodedId old = before.decode(id);
        DecodedId now = after.decode(id);
        return """
                every new ID must be larger than those before, but in the new layout they begin below. For example, %s is
                  in the old layout, %s: %s, node id %s, sequence %s
                  in the new layout, %s: %s, node id %s, sequence %s
                A later epoch, fewer bits for the timestamp or a longer tick make smaller IDs; choose the opposite."""
                .formatted(
                        id,
                        text(before),
                        old.timestamp(),
                        old.node(),
                        old.sequence(),
                        text(after),
                        now.timestamp(),
                        now.node(),
                        now.sequence());
    }

    private static String text(IdLayout layout) {
        return layout.descriptor() + " from " + layout.epoch();
    }
}
