package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.time.ManualTimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The local directory is deleted under processes that go on issuing. There is a single node id for them, and they issue
 * as fast as the layout allows, so that overlapping windows mean equal IDs.
 */
class DeletedDirectoryTest {

    private static final Duration AHEAD = Duration.ofSeconds(4);
    private static final Duration GUARD = Duration.ofSeconds(2);
    private static final Duration STEP = Duration.ofMillis(5);

    private static final IdLayout FOUR_PER_MILLISECOND =
            new IdLayout(41, 10, 2, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH);

    private final ManualTimeSource time =
            new ManualTimeSource(Instant.parse("2026-11-30T08:00:00Z").toEpochMilli());
    private final Set<Long> issued = new HashSet<>();
    private long twice;

    @TempDir
    private Path temporary;

    private Path directory;

    @BeforeEach
    void nameDirectory() {
        directory = temporary.resolve("id-data");
    }

    /** A process: its generator, and the loop that renews its windows. */
    private record Issuer(SnowflakeGenerator ids, ManualLoop loop) {}

    private NodeCoordinator coordinator() {
        LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
        factory.setDirectory(directory.toString());
        return factory.open();
    }

    private Issuer start(String label, NodeCoordinator coordinator) {
        ManualLoop loop = new ManualLoop(time);
        SnowflakeGenerator ids = SnowflakeGenerator.builder(coordinator, "orders")
                .layout(FOUR_PER_MILLISECOND)
                .reservation(new ReservationSettings(
                        AHEAD, Duration.ofSeconds(1), Duration.ofSeconds(1), GUARD, Duration.ofSeconds(10)))
                .nodeIds(new NodeIdRange(5, 5))
                .label(label)
                .maxWait(Duration.ZERO)
                .timeSource(time)
                .random(new SplittableRandom(label.hashCode()))
                .loops(name -> loop)
                .start();
        return new Issuer(ids, loop);
    }

    /** Lets time pass, and lets all processes issue as many IDs as they can; returns how many the first of them got. */
    private long issue(Duration elapsed, Issuer... issuers) {
        long ofTheFirst = 0;
        for (long i = 0; i < elapsed.dividedBy(STEP); i++) {
            time.pass(STEP);
            for (Issuer issuer : issuers) {
                issuer.loop().run();
                long got = drain(issuer.ids());
                ofTheFirst += issuer.equals(issuers[0]) ? got : 0;
            }
        }
        return ofTheFirst;
    }

    private long drain(SnowflakeGenerator ids) {
        long count = 0;
        try {
            while (true) {
                twice += issued.add(ids.nextId()) ? 0 : 1;
                count++;
            }
        } catch (IdUnavailableException e) {
            return count;
        }
    }

    private void deleteDirectory() {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void c11_aCreatorThatWasPausedWhileAnotherMadeTheNamespaceAndItWasDeletedRepeatsNothing() {
        Issuer[] other = new Issuer[1];
        NodeCoordinator paused = new BeforeItsFirstStep(coordinator(), () -> {
            time.pass(Duration.ofSeconds(12)); // as if stopped: its view is 12 s old
            other[0] = start("other", coordinator());
            assertThat(issue(Duration.ofSeconds(2), other[0])).isPositive();
            deleteDirectory();
        });
        Issuer creator = start("creator", paused);
        creator.loop().run();

        assertThat(issue(AHEAD.multipliedBy(3), creator, other[0]))
                .as("IDs of the creator")
                .isPositive();
        assertThat(twice).as("IDs that were issued twice").isZero();
    }

    @Test
    void p8_aClockThatWasSetBackByLessThanTheGuardBeforeTheDirectoryIsDeletedRepeatsNothing() {
        Issuer before = start("before", coordinator());
        assertThat(issue(AHEAD, before)).isPositive();
        time.stepWall(Duration.ofMillis(-1500));
        deleteDirectory();
        Issuer after = start("after", coordinator());
        after.loop().run();

        assertThat(issue(AHEAD.multipliedBy(3), after, before))
                .as("IDs of the process that found the directory deleted")
                .isPositive();
        assertThat(twice).as("IDs that were issued twice").isZero();
    }

    @Test
    void p8_aProcessThatFindsItsDirectoryDeletedGoesOnAndRepeatsNothing() {
        Issuer one = start("one", coordinator());
        assertThat(issue(AHEAD, one)).isPositive();
        deleteDirectory();
        Issuer two = start("two", coordinator());

        assertThat(issue(AHEAD.multipliedBy(3), two, one)).isPositive();
        assertThat(twice).as("IDs that were issued twice").isZero();
    }

    /** Runs something between the read of a process and its first step. */
    private record BeforeItsFirstStep(NodeCoordinator real, AtomicReference<Runnable> meanwhile)
            implements NodeCoordinator {

        BeforeItsFirstStep(NodeCoordinator real, Runnable meanwhile) {
            this(real, new AtomicReference<>(meanwhile));
        }

        @Override
        public StoreView read(String namespace) {
            return real.read(namespace);
        }

        @Override
        public Replaced replace(String namespace, Replacement step) {
            meanwhile.getAndSet(() -> {}).run();
            return real.replace(namespace, step);
        }

        @Override
        public DistributedLock lock(String namespace, String name) {
            return real.lock(namespace, name);
        }

        @Override
        public Optional<IdLedger> ledger(String namespace) {
            return real.ledger(namespace);
        }

        @Override
        public Scope scope() {
            return real.scope();
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
