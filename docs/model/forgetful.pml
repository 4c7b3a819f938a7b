/*
 * A coordinator that forgets what it has acknowledged, and keeps no trace of a namespace: the rules P4 and P8, of NamespaceAgreement
 * and NodeCoordinator.replace.
 *
 * Two servers, one of them the primary; the other has a copy of what the primary held at any moment before. The store may be
 * wiped, may start again from an old copy, and may fail over to the other server and back; a deposed primary goes on for LAMBDA
 * ticks of its clock. The two clocks differ by EPSILON at most. The claim is that no position of a node id is granted twice, if
 * guard covers EPSILON + LAMBDA.
 *
 * Owners are not in it, only their steps. A step follows from what was read, and from nothing else that its owner knows, so
 * what an owner does between reading and asking, and whether it still lives, changes nothing. A window that was granted counts
 * as in use for ever: its owner may stamp any of it at any later time, and gives nothing back (lease.pml has the rest of an
 * owner's life). Records have no tokens here: they are compared by value, by which more steps are applied than in truth.
 *
 * One tick has one position. Names are those of the code; README.md says what is left out.
 */

#ifndef NODES
#define NODES 1
#endif
#ifndef AHEAD
#define AHEAD 1
#endif
#ifndef GUARD
#define GUARD 2
#endif
#ifndef EPSILON
#define EPSILON 1                   /* ticks by which the two clocks differ at most */
#endif
#ifndef LAMBDA
#define LAMBDA 1                    /* ticks for which a deposed primary goes on at most */
#endif
#ifndef FAULTS
#define FAULTS 2
#endif
#ifndef LAST
#define LAST 7                      /* the last tick that a clock shows */
#endif
#define POSITIONS (LAST + AHEAD)    /* no window that keeps to the cap reaches further */

#ifdef MUTANT_NO_GUARD
#undef GUARD
#define GUARD 0
#endif

typedef NamespaceRecord { byte identity, floor };         /* identity = 0: there is no record */
typedef Content { NamespaceRecord namespace; byte end[NODES] };      /* the NodeRecord's end, the mark; 0: there is none */
typedef Server { Content content; byte clock, runId, masterReplid };
typedef Replacement {
  byte identity;                    /* 0: no step */
  NamespaceRecord expected, namespace;                    /* the record expected, and the one to write, if any */
  byte notAfter, node, end                                /* end: of the NodeRecord expected */
};

Server server[2];
byte primary;
byte deposedUntil;                  /* the other server grants until its clock shows this; 0: it is a replica */
Content saved;                      /* what is on the disk of a server that starts again; nothing at first */
byte ids = 2, faults;
Replacement late;                   /* a step on its way */

/* One position of node id 0 that was granted, any one, is watched: as it may be any, what holds for it holds for all. */
bit watching;
byte watched;
#ifdef CLOCK_SET_BACK
byte top;                           /* the end of the highest window ever granted */
#endif

byte i, scratch, from, to;          /* 0 between steps */

#define MAX(a, b) ((a) > (b) -> (a) : (b))
#define MIN(a, b) ((a) < (b) -> (a) : (b))
#define OTHER (1 - primary)
#define ACTIVE(s) (s == primary || server[s].clock < deposedUntil)
#define STORED server[s].content
#define CLOCK server[s].clock

/* RedisCoordinator: run_id and master_replid together. */
#if defined(MUTANT_RUN_ID_ALONE)
#define IDENTITY(s) (server[s].runId)
#elif defined(MUTANT_MASTER_REPLID_ALONE)
#define IDENTITY(s) (server[s].masterReplid)
#else
#define IDENTITY(s) (server[s].runId * 16 + server[s].masterReplid)
#endif

#define copyNamespace(target, source) target.identity = source.identity; target.floor = source.floor
#define noNamespace(r) r.identity = 0; r.floor = 0

inline copyContent(target, source) {
  copyNamespace(target.namespace, source.namespace);
  i = 0;
  do
  :: i < NODES -> target.end[i] = source.end[i]; i++
  :: else -> break
  od;
  i = 0
}

inline forget(r) {
  r.identity = 0; noNamespace(r.expected); noNamespace(r.namespace); r.notAfter = 0; r.node = 0; r.end = 0
}

/* ---- an owner: LeaseKeeper.look and what proceed() makes of it ---- */

/* NamespaceAgreement.raiseFloor. The code rounds up to the next tick; the claim does not need that. */
inline raiseFloor(r) {
  scratch = CLOCK + AHEAD + GUARD;
#ifdef MUTANT_FLOOR_ONE_TICK_LOW
  scratch = scratch - 1;
#endif
#ifdef MUTANT_FLOOR_AT_CLOCK
  scratch = CLOCK;
#endif
#ifndef MUTANT_OLD_FLOOR_IGNORED
  scratch = MAX(scratch, STORED.namespace.floor);
#endif
#ifndef MUTANT_MARKS_IGNORED
  i = 0;
  do
  :: i < NODES -> scratch = MAX(scratch, STORED.end[i]); i++
  :: else -> break
  od;
  i = 0;
#endif
  r.namespace.identity = r.identity;
  r.namespace.floor = MIN(scratch, POSITIONS);
  r.notAfter = CLOCK + GUARD / 2;
  scratch = 0
}

/* NamespaceAgreement.settle, then LeaseKeeper.renew or acquire. Where a window ends is decided when the step arrives. */
inline look(r, n) {
  r.identity = IDENTITY(s);
  copyNamespace(r.expected, STORED.namespace);
  if
  :: STORED.namespace.identity != r.identity -> raiseFloor(r)
  :: else -> r.node = n; r.end = STORED.end[n]
  fi
}

/* ---- the coordinator: NodeCoordinator.replace ---- */

#define RAISES_FLOOR(r) (r.namespace.identity != 0)
#define START(r) MAX(r.end, r.expected.floor)             /* P2; the namespace time would only raise it */

#ifdef MUTANT_IDENTITY_NOT_COMPARED
#define SAME_IDENTITY(r) (r.identity != 0)
#else
#define SAME_IDENTITY(r) (r.identity == IDENTITY(s))
#endif
#ifdef MUTANT_NO_DEADLINE
#define IN_TIME(r) true
#else
#define IN_TIME(r) (CLOCK <= r.notAfter)
#endif
#define APPLIES(r) (ACTIVE(s) && SAME_IDENTITY(r) \
  && r.expected.identity == STORED.namespace.identity && r.expected.floor == STORED.namespace.floor \
  && (RAISES_FLOOR(r) -> IN_TIME(r) : r.end == STORED.end[r.node] && START(r) < CLOCK + AHEAD))

/*
 * LeaseKeeper.granted. An owner's clocks may show anything, so its window ends where it should, by NamespaceAgreement.cap, or
 * far beyond, where nothing is left for anybody. One that ends earlier is a part of the former.
 */
inline granted(r) {
  from = START(r);
  to = CLOCK + AHEAD;
  if
  :: STORED.end[r.node] = to
  :: STORED.end[r.node] = POSITIONS + 1
  fi;
#ifdef MUTANT_NO_CAP
  to = MIN(STORED.end[r.node], POSITIONS);
#else
  to = MIN(STORED.end[r.node], CLOCK + AHEAD);            /* NamespaceAgreement.usableEnd */
#endif
#ifdef CLOCK_SET_BACK
  top = MAX(top, to);
#endif
  if
  :: r.node == 0 && watching -> assert(watched < from || watched >= to)
  :: r.node == 0 && !watching ->
     if
     :: watching = 1; watched = from;
        do
        :: watched < to - 1 -> watched++
        :: break
        od
     :: skip
     fi
  :: else
  fi;
  from = 0; to = 0
}

inline write(r) {
  if
  :: RAISES_FLOOR(r) -> copyNamespace(STORED.namespace, r.namespace)
  :: else -> granted(r)
  fi
}

/*
 * Any owner reads either server and asks for what follows. A step that raises the floor may be late. One that reserves may be
 * late as well, but as all that is in it is compared, it is then like one that was asked for just now.
 */
#ifdef MUTANT_IDENTITY_NOT_COMPARED
#define MAY_BE_LATE(r) (late.identity == 0)
#else
#define MAY_BE_LATE(r) (late.identity == 0 && RAISES_FLOOR(r))
#endif

Replacement asked;                  /* empty between steps */

proctype Owners() {
  byte s, n;
  do
  :: atomic {
       if
       :: s = primary
       :: ACTIVE(OTHER) -> s = OTHER
       fi;
       do
       :: n < NODES - 1 -> n++
       :: break
       od;
       look(asked, n);
       if
       :: APPLIES(asked) -> write(asked)
       :: MAY_BE_LATE(asked) ->
          late.identity = asked.identity; copyNamespace(late.expected, asked.expected);
          copyNamespace(late.namespace, asked.namespace);
          late.notAfter = asked.notAfter; late.node = asked.node; late.end = asked.end
       :: else
       fi;
       forget(asked);
       s = 0; n = 0 }
  od
}

/* A late step arrives at either server, once or twice, or never. */
proctype Network() {
  byte s;
  do
  :: atomic {
       if
       :: s = primary
       :: s = OTHER
       fi;
       APPLIES(late);
       write(late);
       if
       :: forget(late)
       :: skip
       fi;
       s = 0 }
  :: atomic { late.identity != 0 -> forget(late) }
  od
}

/* What can no longer make a difference is made equal. */

#define CURRENT(id) (id == IDENTITY(0) || id == IDENTITY(1))
#define OUTDATED 255
#define outdated(id) id = (id == 0 || CURRENT(id) -> id : OUTDATED)

/* No server has an identity of the past again. */
inline identityChanged() {
  outdated(server[0].content.namespace.identity);
  outdated(server[1].content.namespace.identity);
  outdated(saved.namespace.identity);
#ifndef MUTANT_IDENTITY_NOT_COMPARED
  outdated(late.expected.identity);
  if
  :: late.identity != 0 && !CURRENT(late.identity) -> forget(late)
  :: else
  fi
#endif
}

inline clockMoved() {
  if
  :: deposedUntil != 0 && server[OTHER].clock >= deposedUntil -> deposedUntil = 0
  :: else
  fi;
#ifndef MUTANT_NO_DEADLINE
  if
  :: late.identity == IDENTITY(s) && RAISES_FLOOR(late) && !IN_TIME(late) -> forget(late)
  :: else
  fi
#endif
}

/* ---- time goes by, on either server ---- */

proctype Clocks() {
  byte s;
  do
  :: atomic {
       if
       :: s = 0
       :: s = 1
       fi;
       CLOCK < LAST && CLOCK < server[1 - s].clock + EPSILON;
       d_step { CLOCK++; clockMoved(); s = 0 } }
  od
}

/* ---- what befalls the store ---- */

/* FLUSHALL: the identity stays. */
inline wipe() {
  noNamespace(STORED.namespace);
  i = 0;
  do
  :: i < NODES -> STORED.end[i] = 0; i++
  :: else -> break
  od;
  i = 0
}

/* kill -9, and a start from what is on the disk. */
inline restart() {
  copyContent(STORED, saved);
  ids++;
  server[s].runId = ids;
  identityChanged()
}

/* The replica is promoted, as far as it has come. */
inline failOver() {
  deposedUntil = server[primary].clock + LAMBDA + 1;
  primary = OTHER;
  ids++;
  server[primary].masterReplid = ids;
  identityChanged()
}

inline replicate() {
  copyContent(server[OTHER].content, server[primary].content);
  server[OTHER].masterReplid = server[primary].masterReplid;
  deposedUntil = 0;
  identityChanged()
}

inline fault() {
  faults++;
  if
  :: faults == FAULTS -> noNamespace(saved.namespace); i = 0;      /* nothing reads it any more */
     do
     :: i < NODES -> saved.end[i] = 0; i++
     :: else -> break
     od;
     i = 0
  :: else
  fi
}

#ifdef CLOCK_SET_BACK
#define MORE (faults < FAULTS - 1)                        /* the last fault is a start with a clock that was set back */

/* A clock that shows less than it did says nothing of what was lost; a mark that is still there, or the old floor, may. */
inline highestLeft() {
  scratch = saved.namespace.floor;
  i = 0;
  do
  :: i < NODES -> scratch = MAX(scratch, saved.end[i]); i++
  :: else -> break
  od;
  i = 0
}
#else
#define MORE (faults < FAULTS)
#endif

proctype Operator() {
  byte s;
  do
#ifdef CLOCK_SET_BACK
  :: atomic { faults == FAULTS - 1 ->
       highestLeft();
       if
       :: scratch >= top -> s = primary; restart(); CLOCK = 0; fault()
       :: else
       fi;
       scratch = 0; s = 0 }
  :: d_step { MORE -> replicate() }
  :: atomic { faults < FAULTS -> d_step { s = primary; copyContent(saved, STORED); s = 0 } }
#else
  :: d_step { replicate() }
  :: atomic { MORE ->
       if
       :: s = 0
       :: s = 1
       fi;
       d_step { copyContent(saved, STORED); s = 0 } }
#endif
  :: d_step { MORE -> failOver(); fault() }
  :: atomic { MORE ->
       if
       :: s = 0
       :: s = 1
       fi;
       if
       :: wipe()
       :: restart()
       fi;
       d_step { fault(); s = 0 } }
  od
}

init {
  atomic {
    server[0].runId = 1; server[0].masterReplid = 1;
    server[1].runId = 2; server[1].masterReplid = 1;
    server[0].content.namespace.identity = IDENTITY(0);   /* begun on server 0 long ago, and replicated */
    server[1].content.namespace.identity = IDENTITY(0);
    run Owners(); run Network(); run Clocks(); run Operator()
  }
}
