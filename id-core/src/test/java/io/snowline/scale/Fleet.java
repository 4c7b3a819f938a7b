package io.snowline.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeIdRange;
import io.snowline.id.IdLayout;
import io.snowline.id.LaneStatus;
import io.snowline.id.SimulatedGenerators;
import io.snowline.id.SnowflakeGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Processes that share a namespace on one store, all with the default reservation, one clock and one seed. */
final class Fleet {

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final SplittableRandom random = new SplittableRandom(1);
    private final SharedTime time = new SharedTime();
    private final QueuedStore store;
    private final IdLayout layout;
    private final NodeIdRange nodeIds;
    private final List<Member> members = new ArrayList<>();
    private int started;

    /**
     * @param nodeIds how many node ids there are for all processes
     */
    Fleet(QueuedStore.Speed speed, int nodeIds) {
        store = new QueuedStore(time, speed);
        int nodeBits = Math.max(1, 32 - Integer.numberOfLeadingZeros(nodeIds - 1));
        layout = new IdLayout(41, nodeBits, 22 - nodeBits, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH);
        this.nodeIds = new NodeIdRange(0, nodeIds - 1);
    }

    /** One process; it keeps its label when it is started again, unless it moves to another machine. */
    private final class Member {
        final String label;
        final FleetLoop loop = new FleetLoop(time, store, random.split());
        final SnowflakeGenerator generator;

        Member(String label) {
            this.label = label;
            generator = SimulatedGenerators.start(
                    SnowflakeGenerator.builder(store, "orders")
                            .layout(layout)
                            .nodeIds(nodeIds)
                            .label(label)
                            .maxWait(Duration.ZERO)
                            .timeSource(time),
                    random.split(),
                    loop);
        }

        boolean issues() {
            LaneStatus status = generator.status().get(0);
            return status.node().isPresent()
                    && status.problem().isEmpty()
                    && !status.remaining().isZero();
        }

        @Override
        public String toString() {
            return label + ", " + generator.status();
        }
    }

    QueuedStore store() {
        return store;
    }

    void start(int count) {
        for (int i = 0; i < count; i++) {
            members.add(new Member("host-" + started++));
        }
    }

    void run(Duration duration) {
        time.run(duration);
    }

    /** Crashes some of the processes. */
    void crash(int count) {
        members.stream().limit(count).forEach(member -> member.loop.close());
    }

    /** Restarts the processes that crashed, on their own machines or on new ones. */
    void replace(int count, boolean sameLabels) {
        for (int i = 0; i < count; i++) {
            members.set(i, new Member(sameLabels ? members.get(i).label : "host-" + started++));
        }
    }

    /** Restarts all processes gracefully, one after the other, {@code perSecond} of them per second. */
    void restartAll(int perSecond, boolean sameLabels) {
        for (int i = 0; i < members.size(); i++) {
            Member old = members.get(i);
            SimulatedGenerators.beginClose(old.generator, old.loop::close);
            time.run(Duration.ofSeconds(1).dividedBy(perSecond));
            members.set(i, new Member(sameLabels ? old.label : "host-" + started++));
        }
    }

    /** Runs until all processes issue. Returns how long that took. */
    Duration untilAllIssue() {
        List<Member> waiting = new ArrayList<>(members);
        Duration taken = Duration.ZERO;
        while (!waiting.isEmpty()) {
            assertThat(taken)
                    .as("%d of %d do not issue: %s", waiting.size(), members.size(), waiting.get(0))
                    .isLessThan(PATIENCE);
            time.run(STEP);
            taken = taken.plus(STEP);
            waiting.removeIf(Member::issues);
        }
        return taken;
    }

    /** Lets each process issue an ID. Returns how many different IDs there are. */
    int differentIds() {
        Set<Long> ids = new HashSet<>();
        members.forEach(member -> ids.add(member.generator.nextId()));
        return ids.size();
    }
}
