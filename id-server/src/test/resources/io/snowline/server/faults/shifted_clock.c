/*
 * Preloaded into a process, shifts its wall clock, and nothing else: by as many nanoseconds as the first eight bytes of the file
 * SNOWLINE_CLOCK_SHIFT say at that moment. The monotonic clocks, and what waits on them, are left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NANOS 1000000000LL

static int (*real_clock_gettime)(clockid_t, struct timespec *);
static _Atomic int64_t *shift;

__attribute__((constructor)) static void prepare(void) {
    if (real_clock_gettime) {
        return;
    }
    const char *name = getenv("SNOWLINE_CLOCK_SHIFT");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    void *page = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *shift, PROT_READ, MAP_SHARED, file, 0);
    if (page == MAP_FAILED) {
        perror("SNOWLINE_CLOCK_SHIFT must name a file of eight bytes");
        _exit(70);
    }
    close(file);
    shift = page;
    real_clock_gettime = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    prepare();
    int result = real_clock_gettime(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t nanos = now->tv_sec * NANOS + now->tv_nsec + atomic_load_explicit(shift, memory_order_relaxed);
        now->tv_sec = nanos / NANOS;
        now->tv_nsec = nanos % NANOS;
    }
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void) zone;
    struct timespec precise;
    int result = clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return result;
}

time_t time(time_t *seconds) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (seconds) {
        *seconds = now.tv_sec;
    }
    return now.tv_sec;
}
