package io.snowline.lease;

import io.snowline.coordination.LeaseListener;
import io.snowline.coordination.NamespaceMismatchException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NoFreeNodeException;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.time.NamespaceTime;
import io.snowline.time.TickScale;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Leases one node id and keeps a window of it reserved ahead of the present: the protocol, rules P1 to P12, written
 * once for every backend.
 *
 * <p>Thread-safe.
 */
public final class LeaseKeeper {

    /*
     * One keeper, one node id, one call to the coordinator at a time. Everything below "on the loop" runs on the event
     * loop, one task after another, so there are no locks; other threads see the state through `status`, and the
     * windows through the holder.
     *
     *   NONE --acquire--> HELD --outcome unknown--> AT RISK --window's end reached--> NONE
     *                      ^  <----confirmed----------'
     *   HELD, AT RISK --owner is another--> LOST --window's end reached--> NONE     (LOST still stamps below its end)
     *   HELD, AT RISK --close--> SEALED --released--> (over)                        (SEALED: no thread can stamp)
     *
     * None of these states is a variable. What is known of the store (`knowledge`) and the node id (`node`) determine
     * the next step, in one place: proceed(). A call either answers, and proceed() continues from the answer, or its
     * outcome is unknown, and the knowledge is dropped and read again. So an unknown outcome needs no case of its own:
     * a record that names this owner is this owner's, whichever request wrote it, and the next renewal confirms it
     * before any of it is used.
     *
     * Anything else that is thrown on the loop, by a listener, a clock or the virtual machine, is handled the same way
     * (P12): beginAgain() drops the knowledge and reads again. None of the state above can be half changed in a way
     * that matters, since a window is used only after an answer that confirms it, and the next renewal confirms the run
     * from its start.
     *
     * The cost of a read grows with the number of node ids read; the cost of a replacement is constant. With thousands
     * of processes that decides whether they can recover together. So an owner reads only its own record, even after an
     * outage that hit all processes, and a process that looks for a node id reads a part of them (`nodeIdParts`). All
     * of them are read only when a floor is to be raised, or when they form a single part.
     *
     * Uniqueness rests on two invariants (P1, P3):
     *  - A window is offered or extended only in granted(), that is, after an answer that says "applied".
     *  - A window is extended only while the record's run (its start) is the one that the window was made from; every
     *    other run becomes a new window, which begins where the run does.
     *
     * The owner's id belongs to this keeper alone. If two lanes of one generator shared an owner's id, each would take
     * the other's lapsed record for its own.
     */

    private static final int NONE = -1;
    private static final int CONFLICTS_BEFORE_READING_AGAIN = 16;
    private static final Duration SHORTEST_WINDOW = Duration.ofMillis(50);
    private static final Duration LONGEST_FIRST_WINDOW = Duration.ofMillis(250);
    private static final Duration SOONEST_RENEWAL = Duration.ofMillis(20);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);

    /** A keeper's collaborators. All of them are injected, so that a simulation can drive this very code. */
    public record Parts(
            NamespaceSpec spec,
            ReservationSettings settings,
            String label,
            NodeCoordinator coordinator,
            WindowHolder holder,
            LogicalClock logical,
            TimeSource time,
            RandomGenerator random,
            EventLoop loop,
            LeaseListener listener) {}

    private final NamespaceSpec spec;
    private final ReservationSettings settings;
    private final String label;
    private final NodeCoordinator coordinator;
    private final WindowHolder holder;
    private final LogicalClock logical;
    private final TimeSource time;
    private final RandomGenerator random;
    private final EventLoop loop;
    private final Tokens tokens;
    private final String owner;
    private final ReferenceClock clock;
    private final NamespaceAgreement agreement;
    private final NodeIdParts nodeIdParts;

    private final LeaseNews news;
    private final AtomicBoolean hurried = new AtomicBoolean();

    // On the loop from here on.
    private final StoreKnowledge knowledge;
    private int node = NONE;
    private @Nullable Window window;
    private final Map<Integer, Long> ownMarks = new HashMap<>();
    private boolean busy;
    private boolean waited;
    private long timer;
    private int failures;
    private int conflicts;
    private Duration took = Duration.ZERO;
    private volatile boolean renewalIsSet; // also read by callers
    private long renewedAtNanos;
    private @Nullable Runnable whenClosed;
    private boolean over;

    public LeaseKeeper(Parts parts) {
        spec = parts.spec();
        settings = parts.settings();
        label = parts.label();
        coordinator = parts.coordinator();
        holder = parts.holder();
        logical = parts.logical();
        time = parts.time();
        random = parts.random();
        loop = parts.loop().recoveringWith(this::beginAgain);
        news = new LeaseNews(spec, label, new LeaseLog(parts.listener()));
        tokens = new Tokens(random);
        owner = tokens.next();
        clock = new ReferenceClock(time);
        knowledge = new StoreKnowledge(clock, settings, logical::correct);
        nodeIdParts = new NodeIdParts(spec.nodeIds(), label);
        agreement = new NamespaceAgreement(spec, settings, tokens);
    }

    /** Begins to acquire a node id, and renews it until {@link #close}. */
    public void start() {
        holder.whenUsedUp(this::hurry);
        loop.execute(this::look);
    }

    /** Renews immediately, because callers have used up the window (P5). Called by any thread, at any rate. */
    private void hurry() {
        if (renewalIsSet && !hurried.get() && hurried.compareAndSet(false, true)) {
            try {
                loop.execute(this::renewSoon);
            } catch (Throwable e) { // perhaps out of memory: the next caller asks again
                hurried.set(false);
                throw e;
            }
        }
    }

    private void renewSoon() {
        hurried.set(false);
        if (renewalIsSet && !busy) {
            long since = time.monotonicNanos() - renewedAtNanos;
            long wait = SOONEST_RENEWAL.toNanos() - since;
            if (wait > 0) {
                afterRenewal(Duration.ofNanos(wait));
            } else {
                proceed();
            }
        }
    }

    /** Returns the state of the lease. */
    public LeaseStatus status() {
        return news.status();
    }

    /**
     * Seals the holder and releases the node id (rule P7).
     *
     * @param done runs on the loop once nothing more will be done, whether or not the coordinator could be told
     */
    public void close(Runnable done) {
        holder.seal();
        loop.execute(() -> {
            whenClosed = done;
            if (!busy) {
                proceed();
            }
        });
    }

    // ---- knowing ----

    /** Reads the record of the node id that it holds, or otherwise those that it can choose from. */
    private void look() {
        if (node != NONE) {
            lookAt(new NodeIdRange(node, node));
        } else if (nodeIdParts.whole()) {
            lookAtAll();
        } else {
            lookAt(nodeIdParts.current());
        }
    }

    private void lookAt(NodeIdRange part) {
        boolean toChooseFrom = node == NONE;
        ask(() -> AnswerCheck.checked(coordinator.read(spec.name(), part)), read -> {
            knowledge.tookPart(read, toChooseFrom);
            proceed();
        });
    }

    private void lookAtAll() {
        ask(() -> AnswerCheck.checked(coordinator.read(spec.name())), read -> {
            knowledge.took(read);
            proceed();
        });
    }

    private void replace(Replacement replacement, Runnable applied) {
        ask(() -> AnswerCheck.checked(coordinator.replace(spec.name(), replacement), replacement), replaced -> {
            knowledge.took(replacement, replaced);
            if (replaced.applied()) {
                conflicts = 0;
                applied.run();
            } else {
                refused();
            }
        });
    }

    private void refused() {
        conflicts++;
        if (conflicts % CONFLICTS_BEFORE_READING_AGAIN == 0) {
            lookAfter(backoff(conflicts / CONFLICTS_BEFORE_READING_AGAIN));
        } else {
            proceed();
        }
    }

    private <T> void ask(Supplier<T> request, Consumer<T> answered) {
        busy = true;
        renewalIsSet = false;
        waited = false;
        long mine = ++timer; // supersedes whatever was scheduled
        long asked = time.monotonicNanos();
        loop.call(
                request,
                answer -> {
                    if (mine == timer) {
                        answered(asked, () -> answered.accept(answer));
                    }
                },
                failure -> {
                    if (mine == timer) {
                        failed(asked, failure);
                    }
                });
    }

    private void answered(long asked, Runnable next) {
        busy = false;
        took = Duration.ofNanos(time.monotonicNanos() - asked);
        failures = 0;
        next.run();
    }

    private void failed(long asked, RuntimeException failure) {
        busy = false;
        took = Duration.ofNanos(time.monotonicNanos() - asked);
        knowledge.forget(); // the outcome is unknown: read again before anything else
        if (whenClosed != null) {
            over("the coordinator could not be told: " + failure.getMessage());
        } else if (failure instanceof UnreadableRecordException) {
            obstructed(Obstacle.of(failure), failure);
        } else {
            failures++;
            news.atRisk(heldNode(), remaining(), failure, took);
            lookAfter(backoff(failures));
        }
    }

    /** Restarts after an unexpected failure: the outcome of everything under way is unknown (P12). */
    private void beginAgain(Throwable thrown) {
        timer++; // an answer that is still to come is stale
        busy = false;
        renewalIsSet = false; // no caller may hurry a renewal until the store was read again
        knowledge.forget();
        var unused = news.failed(heldNode(), thrown, time);
        if (whenClosed != null) {
            over("the lease keeper failed while it closed");
        } else {
            Duration pause = backoff(++failures);
            lookAfter(pause.compareTo(settings.renewEvery()) < 0 ? pause : settings.renewEvery());
        }
    }

    private TickScale scale() {
        return spec.scale();
    }

    // ---- deciding ----

    private void proceed() {
        if (whenClosed != null) {
            release();
        } else if (clocksAgree() && namespaceStands()) {
            Optional<Stored<NodeRecord>> mine = mine();
            if (mine.isPresent()) {
                renew(mine.get());
            } else {
                acquire();
            }
        }
    }

    private boolean clocksAgree() {
        Optional<Obstacle> obstacle = knowledge.clocksDisagree();
        obstacle.ifPresent(disagreement -> obstructed(disagreement, null));
        return obstacle.isEmpty();
    }

    private boolean namespaceStands() {
        Optional<Obstacle> obstacle = agreement.cannotBegin(knowledge.view(), clock);
        if (obstacle.isPresent()) {
            obstructed(obstacle.get(), null);
            return false;
        }
        Optional<Replacement> step;
        try {
            step = agreement.settle(knowledge.view(), clock);
        } catch (NamespaceMismatchException e) {
            obstructed(Obstacle.of(e), e);
            return false;
        }
        if (step.isEmpty()) {
            logical.follow(agreement.time(knowledge.namespace().record()));
            return true;
        }
        if (knowledge.fresh()) {
            Optional<NamespaceRecord> before = knowledge.view().namespace().map(Stored::record);
            Trace trace = knowledge.view().trace();
            replace(step.get(), () -> namespaceWritten(before, trace));
        } else {
            lookAtAll(); // the floor is computed from every remaining mark, and from the clock of that very read
        }
        return false;
    }

    private void namespaceWritten(Optional<NamespaceRecord> before, Trace trace) {
        NamespaceRecord record = knowledge.namespace().record();
        news.namespaceWritten(heldNode(), before, trace, record, agreement.time(record), took);
        proceed();
    }

    private Optional<Stored<NodeRecord>> mine() {
        return knowledge.view().nodes().values().stream()
                .filter(stored -> stored.record().heldBy(owner))
                .filter(stored -> node == NONE || stored.record().node() == node)
                .findFirst();
    }

    // ---- reserving ----

    private void renew(Stored<NodeRecord> mine) {
        NodeRecord held = mine.record();
        long start = Math.max(held.end(), earliestStart());
        long end = agreement.cap(clock);
        boolean laterWillDo = start == held.end()
                && start < scale().endPosition()
                && !remaining().isZero();
        if (end <= start && laterWillDo) { // the tick is long, or the clock was wrong when it was read
            if (clock.age().compareTo(settings.renewEvery()) < 0) {
                afterRenewal(untilNextRenewal());
            } else {
                look();
            }
        } else if (end <= start) {
            windowAhead(start, held.end());
        } else {
            long run = start == held.end() ? held.start() : start;
            reserve(Optional.of(mine), new NodeRecord(held.node(), tokens.next(), owner, label, run, end));
        }
    }

    private void acquire() {
        if (node != NONE) {
            lost();
        }
        if (!knowledge.complete()) {
            look();
            return;
        }
        long afterStamped = holder.newest() < 0 ? 0 : scale().nextTick(holder.newest());
        long lapsedBefore = clock.storeMillis() - settings.takeoverGrace().toMillis();
        var situation = new NodeChoice.Situation(
                scale(),
                nodeIdParts.current(),
                knowledge.view(),
                label,
                Math.max(earliestStart(), afterStamped),
                ownMarks,
                lapsedBefore,
                conflicts,
                random);
        long end = agreement.cap(clock);
        Optional<NodeChoice> choice = NodeChoice.choose(situation, end);
        if (choice.isEmpty()) {
            noFreeNode();
        } else if (end <= choice.get().start() || lengthMillis(choice.get().start(), end) < firstWindowMillis()) {
            long mark =
                    choice.get().expected().map(stored -> stored.record().end()).orElse(0L);
            windowAhead(choice.get().start(), Math.max(mark, afterStamped));
        } else {
            reserve(
                    choice.get().expected(),
                    new NodeRecord(
                            choice.get().node(),
                            tokens.next(),
                            owner,
                            label,
                            choice.get().start(),
                            end));
        }
    }

    private long earliestStart() {
        return agreement.earliestStart(knowledge.namespace().record(), clock);
    }

    private long lengthMillis(long start, long end) {
        return scale().millisAt(end) - scale().millisAt(start);
    }

    /** Returns how long a first window must be, so that it is not used up before the next renewal completes. */
    private long firstWindowMillis() {
        return Math.min(LONGEST_FIRST_WINDOW.toMillis(), agreement.ahead().toMillis() / 8);
    }

    private void reserve(Optional<Stored<NodeRecord>> expected, NodeRecord next) {
        replace(
                Replacement.ofNode(knowledge.view().identity(), knowledge.namespace(), expected, next),
                () -> granted(next));
    }

    private void granted(NodeRecord record) {
        boolean acquired = node == NONE;
        node = record.node();
        ownMarks.put(node, record.end());
        knowledge.keepOnly(node);
        if (whenClosed != null) {
            release();
            return;
        }
        long end = agreement.usableEnd(record.end(), knowledge.view());
        Window current = window;
        if (current != null && current.node() == node && current.start() == record.start()) {
            current.extendTo(end);
        } else {
            current = new Window(node, record.start(), end);
            holder.offer(current);
            window = current; // not before: a window whose offer threw is made and offered again
        }
        renewedAtNanos = time.monotonicNanos();
        news.renewed(acquired, current, remaining(), knowledge.incarnation(), took);
        afterRenewal(untilNextRenewal());
    }

    private void afterRenewal(Duration delay) {
        after(delay, this::proceed);
        renewalIsSet = true;
    }

    /** Renews sooner than configured while the window is short, as it is just after the floor was raised. */
    private Duration untilNextRenewal() {
        long soon = Math.max(SHORTEST_WINDOW.toMillis() / 2, remaining().toMillis() / 2);
        return Duration.ofMillis(Math.min(jittered(settings.renewEvery()).toMillis(), soon));
    }

    private Duration remaining() {
        return Duration.ofMillis(holder.remainingMillis());
    }

    private Duration jittered(Duration around) {
        return Duration.ofMillis((long) (around.toMillis() * (0.8 + 0.4 * random.nextDouble())));
    }

    private void lookAfter(Duration delay) {
        after(delay, this::look);
    }

    private void after(Duration delay, Runnable task) {
        renewalIsSet = false;
        long mine = ++timer;
        loop.schedule(delay, () -> {
            if (mine == timer && !busy) {
                task.run();
            }
        });
    }

    private Duration backoff(int attempt) {
        long longest = Math.min(Obstacle.SOON.toMillis(), FIRST_BACKOFF.toMillis() << Math.min(attempt, 10));
        return Duration.ofMillis(1 + random.nextLong(longest));
    }

    // ---- obstacles ----

    private void lost() {
        int was = node;
        node = NONE;
        news.lost(was, knowledge.view());
    }

    private void noFreeNode() {
        Obstacle obstacle = nodeIdParts.noneFree(spec, knowledge.view(), settings.takeoverGrace());
        nodeIdParts.next();
        obstructed(
                new Obstacle(obstacle.kind(), obstacle.detail(), jittered(obstacle.retryAfter())),
                new NoFreeNodeException(obstacle.detail()));
    }

    /**
     * Waits until a window is worth writing.
     *
     * @param start where the window may start now
     * @param mark the position below which it may never start, because of earlier reservations or stamps
     */
    private void windowAhead(long start, long mark) {
        NamespaceRecord record = knowledge.namespace().record();
        if (start >= scale().endPosition()) {
            obstructed(agreement.endOfTime(record, clock), null);
            return;
        }
        long lowest = Math.max(mark, agreement.lowestStart(record));
        NamespaceTime namespaceTime = agreement.time(record);
        long present = Math.min(clock.millis(), clock.storeMillis());
        long shortest = Math.max(firstWindowMillis(), scale().tickMillis());
        long begins = scale().millisAt(lowest) - agreement.ahead().toMillis() + shortest;
        if (namespaceTime.ahead(present)) {
            begins = Math.max(begins, namespaceTime.usableFromMillis() + 2 * shortest);
        }
        long wait = begins - present + SHORTEST_WINDOW.toMillis();
        String detail =
                "IDs of namespace '%s' are reserved up to %s from now on, which is more than ahead %s; the next ones can be reserved in %s"
                        .formatted(
                                spec.name(),
                                Duration.ofMillis(scale().millisAt(start) - present),
                                agreement.ahead(),
                                Duration.ofMillis(Math.max(1, wait)));
        // Time alone brings a window nearer, but does not mend a clock that was wrong or a reading that was old: then
        // the store is read again.
        boolean near = wait < Obstacle.LATER.toMillis();
        Duration retryAfter = near ? Duration.ofMillis(Math.max(1, wait)) : Obstacle.SOON;
        boolean timeWillDo = near && !waited;
        waited = true;
        obstructed(
                new Obstacle(Obstacle.Kind.WINDOW_AHEAD, detail, retryAfter),
                null,
                timeWillDo ? this::proceed : this::look);
    }

    private void obstructed(Obstacle obstacle, @Nullable Throwable cause) {
        obstructed(obstacle, cause, this::look);
    }

    private void obstructed(Obstacle obstacle, @Nullable Throwable cause, Runnable next) {
        news.obstructed(heldNode(), obstacle, knowledge.incarnation(), cause);
        after(obstacle.retryAfter(), next);
    }

    private OptionalInt heldNode() {
        return node == NONE ? OptionalInt.empty() : OptionalInt.of(node);
    }

    // ---- releasing ----

    private void release() {
        long newest = holder.seal();
        if (!knowledge.known() && node != NONE) {
            look();
            return;
        }
        Optional<Stored<NodeRecord>> mine = knowledge.known() ? mine() : Optional.empty();
        if (mine.isEmpty() || knowledge.view().namespace().isEmpty() || conflicts > CONFLICTS_BEFORE_READING_AGAIN) {
            over("nothing was held");
            return;
        }
        NodeRecord held = mine.get().record();
        long stamped = newest < 0 ? 0 : scale().nextTick(newest);
        long end = Math.max(held.start(), Math.min(stamped, held.end()));
        NodeRecord released = new NodeRecord(held.node(), tokens.next(), "", label, held.start(), end);
        replace(Replacement.ofNode(knowledge.view().identity(), knowledge.namespace(), mine, released), () -> {
            news.released(held.node(), took);
            over("released");
        });
    }

    private void over(String how) {
        node = NONE;
        news.closed(how);
        timer++;
        Runnable done = whenClosed;
        if (done != null && !over) {
            over = true;
            done.run();
        }
    }
}
