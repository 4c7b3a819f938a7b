/*
 * A coordinator that loses nothing by itself, and an operator who deletes the records of a namespace: the trace of NodeCoordinator
 * (rule C11), and rule P8's "new or lost" of NamespaceAgreement. As it stands the coordinator has no clock and reads trace and
 * records apart, like the local directory. With -DIDENTITY it reads them in one step, and the operator may restore a backup,
 * after which its identity is another, like etcd. With -DCLOCK it has a clock of its own, like ZooKeeper.
 *
 * Any clock may be ahead of the time by up to EPSILON ticks, and shows anything between at each reading: it may be set forward and
 * back at any moment. The claim is that no position of a node id is granted twice, if guard covers EPSILON.
 *
 * Two processes read and ask; each may pause for any time between any two of its steps. As in forgetful.pml a window that was
 * granted counts as in use for ever. One node id, and one position a tick. Names are those of the code; README.md says what is
 * left out.
 */

#ifndef AHEAD
#define AHEAD 1
#endif
#ifndef GUARD
#define GUARD 1
#endif
#ifndef EPSILON
#define EPSILON 1                   /* ticks by which a clock is ahead of the time at most */
#endif
#ifndef FAULTS
#define FAULTS 2
#endif
#ifndef LAST
#define LAST 4                      /* the last tick of the time */
#endif

#ifdef MUTANT_NO_GUARD
#undef GUARD
#define GUARD 0
#endif

#define NONE 0                      /* there is no trace, and no namespace record */
#define UNKNOWN 255                 /* the trace of a namespace that a restored store may have forgotten */

/* Of a namespace: token, identity, floor and revision of its record; end, the mark, and revision of the node record; its trace. */
typedef Content { byte token, identity, floor, end, revision, nodeRevision; byte left };

/* Token, left (the trace), end and the revisions are those that the step expects. */
typedef Replacement { bit asked, raises; byte token, identity, recordIdentity, left, end, revision, nodeRevision, floor, notAfter };

Content stored, saved;
byte identity = 1, tokens, time, faults;
bit restored;

/* One position that was granted, any one, is watched: as it may be any, what holds for it holds for all. */
bit watching;
byte watched;
#ifdef MUTANT_TRACE_WRITTEN_APART
byte apart;                         /* a trace that is still to be written */
#endif

byte clock, from, to;               /* 0 between steps */

#define MAX(a, b) ((a) > (b) -> (a) : (b))

#define copy(target, source) target.token = source.token; target.identity = source.identity; target.floor = source.floor; \
  target.end = source.end; target.revision = source.revision; target.nodeRevision = source.nodeRevision; \
  target.left = source.left
#define forget(r) r.asked = 0; r.raises = 0; r.token = 0; r.identity = 0; r.recordIdentity = 0; r.left = 0; r.end = 0; r.revision = 0; \
  r.nodeRevision = 0; r.floor = 0; r.notAfter = 0

/* A clock is read: the store's, or where it has none the wall clock of the machine that asks. */
inline readClock() {
  clock = time;
  do
  :: clock < time + EPSILON -> clock++
  :: break
  od
}

/* ---- the coordinator: NodeCoordinator.replace ---- */

#ifdef MUTANT_TRACE_NOT_COMPARED
#define SAME_TRACE(r) true
#else
#define SAME_TRACE(r) (r.left == UNKNOWN -> stored.left == NONE : r.left == stored.left)
#endif
#ifdef MUTANT_REVISIONS_ALONE
#define SAME_NAMESPACE(r) ((r.token == NONE) == (stored.token == NONE) && r.revision == stored.revision)
#define SAME_NODE(r) (r.nodeRevision == stored.nodeRevision)
#else
#define SAME_NAMESPACE(r) (r.token == stored.token)
#define SAME_NODE(r) (r.end == stored.end)
#endif
#ifdef CLOCK
#define IN_TIME(r) (clock <= r.notAfter)
#else
#define IN_TIME(r) true
#endif
#define APPLIES(r) (r.identity == identity && SAME_NAMESPACE(r) \
  && (r.raises -> SAME_TRACE(r) && IN_TIME(r) : SAME_NODE(r) && MAX(r.end, r.floor) < clock + AHEAD))

inline leaveTrace() {
#ifdef MUTANT_TRACE_WRITTEN_APART
  if
  :: apart = tokens
  :: skip                           /* never */
  fi
#else
  stored.left = tokens
#endif
}

/* LeaseKeeper.granted. The mark and the floor are those that were read; by revisions alone they may be others by now. */
inline granted(r) {
  from = MAX(r.end, r.floor);
  to = clock + AHEAD;
  stored.end = to;
  stored.nodeRevision++;
  if
  :: watching -> assert(watched < from || watched >= to)
  :: !watching ->
     if
     :: watching = 1; watched = from;
        do
        :: watched < to - 1 -> watched++
        :: break
        od
     :: skip
     fi
  fi;
  from = 0; to = 0
}

inline write(r) {
  if
  :: r.raises ->
     stored.revision = (stored.token == NONE -> 1 : stored.revision + 1);
     tokens++;
     stored.token = tokens; stored.identity = identity; stored.floor = r.floor;
     leaveTrace()
  :: else -> granted(r)
  fi
}

/* ---- a process ---- */

inline readTrace(r) {
  r.left = ((stored.left == NONE && restored) -> UNKNOWN : stored.left)
}

inline readRecords(r) {
  r.token = stored.token; r.end = stored.end; r.revision = stored.revision; r.nodeRevision = stored.nodeRevision;
  r.floor = stored.floor; r.identity = identity; r.recordIdentity = stored.identity
}

#if defined(MUTANT_DELETED_IS_NEW)
#define IS_NEW(r) (r.left != UNKNOWN)
#elif defined(MUTANT_RESTORED_IS_NEW)
#define IS_NEW(r) (r.left == NONE || r.left == UNKNOWN)
#else
#define IS_NEW(r) (r.left == NONE)
#endif

/* NamespaceAgreement.settle, then LeaseKeeper.renew or acquire. */
inline prepare(r) {
  r.asked = 1;
  if
  :: r.token == NONE && IS_NEW(r) -> r.raises = 1; r.floor = clock
  :: r.token == NONE && !IS_NEW(r) -> r.raises = 1; r.floor = clock + AHEAD + GUARD
  :: r.token != NONE && r.recordIdentity != r.identity ->
     r.raises = 1; r.floor = MAX(MAX(r.floor, r.end), clock + AHEAD + GUARD)
#ifdef MUTANT_TRACE_WRITTEN_APART
  :: r.token != NONE && r.recordIdentity == r.identity && r.left == NONE && tokens < FAULTS + 3 -> r.raises = 1    /* it gets one */
#endif
  :: else
  fi;
  r.notAfter = (r.raises -> clock + GUARD / 2 : 0)
}

proctype Process() {
  Replacement r;
  do
#if defined(IDENTITY)
  :: atomic { !r.asked -> readClock(); readTrace(r); readRecords(r); prepare(r); clock = 0 }
#elif defined(MUTANT_TRACE_READ_LAST)
  :: atomic { !r.asked -> readRecords(r) };
     atomic { readClock(); readTrace(r); prepare(r); clock = 0 }
#else
  :: atomic { !r.asked -> readTrace(r) };
     atomic { readClock(); readRecords(r); prepare(r); clock = 0 }
#endif
  :: atomic { r.asked ->
       readClock();
       if
       :: APPLIES(r) -> write(r)
       :: else
       fi;
       forget(r); clock = 0 }
  od
}

/* ---- time, and an operator ---- */

proctype Time() {
  do
  :: time < LAST -> time++
  od
}

inline deleteRecords() {
  stored.token = NONE; stored.identity = 0; stored.floor = 0; stored.end = 0; stored.revision = 0; stored.nodeRevision = 0
#ifdef MUTANT_TRACE_DELETED
  ; stored.left = NONE
#endif
}

proctype Operator() {
  do
  :: d_step { faults < FAULTS && stored.token != NONE -> deleteRecords(); faults++ }
#ifdef IDENTITY
  :: d_step { faults < FAULTS -> copy(saved, stored) }
  :: d_step { faults < FAULTS -> copy(stored, saved); identity++; restored = 1; faults++ }
#endif
#ifdef MUTANT_TRACE_WRITTEN_APART
  :: d_step { apart != NONE -> stored.left = apart; apart = NONE }
#endif
  od
}

init {
  atomic { run Process(); run Process(); run Time(); run Operator() }
}
