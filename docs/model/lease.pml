/*
 * LeaseKeeper over a coordinator that keeps what it acknowledges: the rules P1, P2, P3, P5, P6 and P7.
 *
 * There is no timer and no clock in it. A clock may show anything at any reading, a process may sleep for any time between
 * any two steps, and any node id may be taken from its owner at any moment. What is left is the compare-and-set and the
 * window, and the claim is that these two are enough: no position of a node id is stamped twice.
 *
 * A token is only ever compared with the one that is stored, and never comes back. So it is one bit here: `asRead` says that
 * the record is still the one that was read. A step that is applied clears it in every copy of the record that it replaced.
 *
 * One tick has one position. Names are those of the code; README.md says what is left out.
 */

#ifndef PROCESSES
#define PROCESSES 2
#endif
#ifndef NODES
#define NODES 1
#endif
#ifndef TICKS
#define TICKS 3
#endif
#ifndef LATE
#define LATE 1                      /* steps that nobody waits for any more and that may yet arrive */
#endif

#define NONE NODES                  /* no node id */
#define RELEASED 0                  /* owner of a record that was given back, or is not there */
#define OWNER (p + 1)
#define STRANGER (PROCESSES + 1)    /* owner whose process is gone; one that is started again has a new id */

typedef NodeRecord { byte owner, start, end };                    /* all 0: the node id was never used */
typedef Stored { bit asRead; NodeRecord record };
typedef Replacement { byte node; bit asRead; NodeRecord next };   /* node = NONE: no step */
typedef Window { byte node, start, end };                 /* end = 0: no window */

typedef LeaseKeeper {
  bit known;                        /* StoreKnowledge: 0 after an unknown outcome */
  Stored view[NODES];
  Replacement asked;                /* the step whose answer is awaited */
  byte node;                        /* the node id held */
  bit whenClosed;

  Window current, pending;          /* LaneHolder: the lane in use, and the window that follows */
  byte next;                        /* Lane: the cursor + 1 */
  bit sealed
};

LeaseKeeper keeper[PROCESSES];
Replacement late[LATE];
NodeRecord stored[NODES];

/* One position of one node id, any one, is watched: as it may be any, what holds for it holds for all. */
byte watchedNode, watched;
bit stamped;

byte i, start, end;                 /* scratch, 0 between steps */

#define SELF keeper[p]
#define HELD SELF.view[n].record
#define BUSY (SELF.asked.node != NONE)
#define MAX(a, b) ((a) > (b) -> (a) : (b))
#define MIN(a, b) ((a) < (b) -> (a) : (b))

#define copy(to, from) to.owner = from.owner; to.start = from.start; to.end = from.end
#define noRecord(r) r.owner = 0; r.start = 0; r.end = 0
#define nothing(step) step.node = NONE; step.asRead = 0; noRecord(step.next)
#define noWindow(w) w.node = 0; w.start = 0; w.end = 0

/* What is outdated can never be applied: of a step only its answer still matters, of a record whether it was ours. */
#if defined(MUTANT_BLIND_WRITE) || defined(MUTANT_ASSUME_SUCCESS)
#define outdatedStep(step) step.asRead = 0
#else
#define outdatedStep(step) step.asRead = 0; noRecord(step.next)
#endif
#ifdef MUTANT_BLIND_WRITE
#define outdatedRecord(known, who) known.asRead = 0
#else
#define outdatedRecord(known, who) known.asRead = 0; known.record.start = 0; known.record.end = 0; \
  known.record.owner = (known.record.owner == who -> who : RELEASED)
#endif

/* ---- the coordinator: NodeCoordinator.replace ---- */

#ifdef MUTANT_BLIND_WRITE
#define APPLIES(step) (step.node != NONE && step.next.end > 0)
#else
#define APPLIES(step) (step.node != NONE && step.asRead)
#endif

/* Writes a step's record over node id n's; every copy of the old one is outdated from here on. */
inline write(step) {
  d_step {
    copy(stored[n], step.next);
    i = 0;
    do
    :: i < PROCESSES ->
       outdatedRecord(keeper[i].view[n], i + 1);
       if
       :: keeper[i].asked.node == n -> outdatedStep(keeper[i].asked)
       :: else
       fi;
       i++
    :: else -> break
    od;
#ifndef MUTANT_BLIND_WRITE
    i = 0;
    do
    :: i < LATE && late[i].node == n -> nothing(late[i]); i++
    :: i < LATE && late[i].node != n -> i++
    :: else -> break
    od;
#endif
    i = 0
  }
}

/* ---- one process: LeaseKeeper ---- */

#define moveTo(step) step.node = SELF.asked.node; step.asRead = 1; copy(step.next, SELF.asked.next)

/* Leaves the step to the network: it is lost, or arrives when nobody waits for it. */
inline abandon() {
  if
  :: skip
  :: SELF.asked.asRead && late[0].node == NONE -> moveTo(late[0])
#if LATE > 1
  :: SELF.asked.asRead && late[0].node != NONE && late[1].node == NONE -> moveTo(late[1])
#endif
  fi;
  nothing(SELF.asked)
}

inline forget() {
  d_step {
    SELF.known = 0;
    i = 0;
    do
    :: i < NODES -> SELF.view[i].asRead = 0; noRecord(SELF.view[i].record); i++
    :: else -> break
    od;
    i = 0
  }
}

/* Reads every record, or one that has been replaced since: such a view may show it as ours or not. */
inline look() {
  SELF.known = 1;
  i = 0;
  do
  :: i < NODES ->
     if
     :: SELF.view[i].asRead = 1; copy(SELF.view[i].record, stored[i])
     :: SELF.view[i].asRead = 0; noRecord(SELF.view[i].record)
     :: SELF.view[i].asRead = 0; noRecord(SELF.view[i].record); SELF.view[i].record.owner = OWNER
     fi;
     i++
  :: else -> break
  od;
  i = 0
}

#ifdef MUTANT_RENEW_LOST
#define HELD_BY(record) (record.owner != RELEASED)
#else
#define HELD_BY(record) (record.owner == OWNER)
#endif
#define MINE(n) (HELD_BY(SELF.view[n].record) && (SELF.node == NONE || SELF.node == n))

/* Any clock: a window may start anywhere above the mark, and end anywhere above its start. */
inline anyWindow(mark) {
  start = mark;
#ifdef MUTANT_START_AT_CLOCK
  start = 0;
#endif
  do
  :: start < TICKS - 1 -> start++
  :: break
  od;
  end = start + 1;
  do
  :: end < TICKS -> end++
  :: break
  od
}

inline ask(owns) {
  d_step {
    SELF.asked.node = n;
    SELF.asked.asRead = SELF.view[n].asRead;
    SELF.asked.next.owner = owns;
    SELF.asked.next.start = start;
    SELF.asked.next.end = end;
    if
    :: !SELF.asked.asRead -> outdatedStep(SELF.asked)
    :: else
    fi;
    SELF.view[n].asRead = 0; noRecord(SELF.view[n].record);      /* StoreKnowledge.took puts the answer in its place */
    start = 0; end = 0
  }
}

inline renew() {
  anyWindow(HELD.end);
  start = (start == HELD.end -> HELD.start : start);          /* the run goes on, or a new one begins */
  ask(OWNER)
}

inline acquire() {
  anyWindow(HELD.end);
  ask(OWNER)
}

#ifdef MUTANT_GLUE_GAP
#define CONTINUES(w, r) (w.end > 0 && w.node == n)
#else
#define CONTINUES(w, r) (w.end > 0 && w.node == n && w.start == r.start)
#endif

inline granted(written) {
  SELF.node = n;
  if
  :: SELF.whenClosed || SELF.sealed
  :: else ->
     if
     :: CONTINUES(SELF.pending, written) -> SELF.pending.end = MAX(SELF.pending.end, written.end)
     :: SELF.pending.end == 0 && CONTINUES(SELF.current, written) -> SELF.current.end = MAX(SELF.current.end, written.end)
     :: else -> SELF.pending.node = n; SELF.pending.start = written.start; SELF.pending.end = written.end    /* LaneHolder.offer */
     fi
  fi
}

inline release() {
#ifdef MUTANT_RELEASE_TOO_LOW
  end = MIN(MAX(SELF.next, 1) - 1, HELD.end);             /* the newest stamped tick, not the one after it */
#else
  end = MIN(SELF.next, HELD.end);
#endif
#ifdef MUTANT_RELEASE_BELOW_START
  start = end;
#else
  end = MAX(HELD.start, end);
  start = HELD.start;
#endif
  ask(RELEASED)
}

#define estrange(x) x.owner = (x.owner == OWNER -> STRANGER : x.owner)

/* The process ends, by itself or by kill -9, and is started again: nothing is left of it but an owner in the records. */
inline over() {
  abandon();
  forget();
  SELF.node = NONE; SELF.whenClosed = 0; SELF.sealed = 0; SELF.next = 0;
  noWindow(SELF.current); noWindow(SELF.pending);
#ifndef MUTANT_OWNER_KEPT
  d_step {
    i = 0;
    do
    :: i < NODES ->
       estrange(stored[i]);
#if PROCESSES > 1
       estrange(keeper[(p + 1) % PROCESSES].view[i].record);
#endif
#if PROCESSES > 2
       estrange(keeper[(p + 2) % PROCESSES].view[i].record);
#endif
       i++
    :: else -> break
    od;
    estrange(late[0].next);
#if LATE > 1
    estrange(late[1].next);
#endif
    i = 0
  }
#endif
}

inline answered() {
  copy(SELF.view[n].record, stored[n]);
  SELF.view[n].asRead = 1;
  nothing(SELF.asked)
}

proctype Process(byte p) {
  byte n, t;
  do
  /* What the answer to the last step may be: applied, refused, or none. */
  :: atomic { APPLIES(SELF.asked) ->
       n = SELF.asked.node;
       write(SELF.asked);
       if
       :: skip                                            /* the reply is lost; when the request is repeated, it is refused */
       :: stored[n].owner == RELEASED -> answered(); over()
       :: stored[n].owner != RELEASED -> granted(stored[n]); answered()
       fi;
       n = 0 }
  :: atomic { BUSY && !APPLIES(SELF.asked) -> n = SELF.asked.node; answered(); n = 0 }      /* refused() */
  :: atomic { BUSY -> /* failed() */
#ifdef MUTANT_ASSUME_SUCCESS
       if
       :: SELF.asked.next.owner == OWNER -> n = SELF.asked.node; granted(SELF.asked.next); n = 0
       :: else
       fi;
#endif
       if
       :: SELF.whenClosed -> over()
       :: else -> abandon(); forget()
       fi }

  :: atomic { !BUSY -> look() }
  :: atomic { !BUSY && SELF.known && !SELF.whenClosed ->  /* proceed() */
       n = 0;
       do
       :: n < NODES && !MINE(n) -> n++
       :: else -> break
       od;
       if
       :: n < NODES && HELD.end < TICKS -> renew()
       :: n < NODES && HELD.end == TICKS -> SELF.known = 1               /* windowAhead() */
       :: n == NODES ->
          SELF.node = NONE;                               /* lost() */
          n = 0;
          do
          :: n < NODES - 1 -> n++
          :: break
          od;
          if
          :: HELD.end < TICKS -> acquire()
          :: else                                         /* noFreeNode() */
          fi
       fi;
       n = 0 }
  :: atomic { !BUSY && SELF.known && SELF.whenClosed ->
       n = 0;
       do
       :: n < NODES && !MINE(n) -> n++
       :: else -> break
       od;
       if
       :: n < NODES -> release()
       :: else -> over()
       fi;
       n = 0 }

  /* Other threads of the process. */
  :: atomic { SELF.current.end > SELF.next && !SELF.sealed ->   /* Lane.claim */
       t = SELF.next;
       do
       :: t < SELF.current.end - 1 -> t++
       :: break
       od;
       if
       :: SELF.current.node == watchedNode && t == watched -> assert(!stamped); stamped = 1
       :: else
       fi;
       SELF.next = t + 1;
       t = 0 }
  :: atomic { SELF.pending.end > 0 && !SELF.sealed ->           /* LaneHolder.advance; the clock has passed the lane's end */
       SELF.current.node = SELF.pending.node; SELF.current.start = SELF.pending.start; SELF.current.end = SELF.pending.end;
       SELF.next = MAX(SELF.next, SELF.pending.start);
       noWindow(SELF.pending) }
  :: atomic { !SELF.sealed && !SELF.whenClosed -> /* close(): the threads' half */
#ifdef MUTANT_NO_SEAL
       SELF.whenClosed = 1 }
#else
       SELF.sealed = 1; noWindow(SELF.pending); noWindow(SELF.current) }
  :: SELF.sealed && !SELF.whenClosed -> SELF.whenClosed = 1       /* and the loop's */
#endif
  :: atomic { over() }                                   /* kill -9 */
  od
}

/* Steps that nobody waits for. */
proctype Network() {
  byte n;
  do
  :: atomic { APPLIES(late[0]) -> n = late[0].node; write(late[0]); nothing(late[0]); n = 0 }
#if LATE > 1
  :: atomic { APPLIES(late[1]) -> n = late[1].node; write(late[1]); nothing(late[1]); n = 0 }
#endif
  od
}

init {
  atomic {
    do
    :: watched < TICKS - 1 -> watched++
    :: break
    od;
    do
    :: watchedNode < NODES - 1 -> watchedNode++
    :: break
    od;
    nothing(late[0]);
#if LATE > 1
    nothing(late[1]);
#endif
    do
    :: i < PROCESSES -> nothing(keeper[i].asked); keeper[i].node = NONE; run Process(i); i++
    :: else -> break
    od;
    i = 0;
    run Network()
  }
}
