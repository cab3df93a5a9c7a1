/* wall_clock.c - preloaded into the daemon, its wall clock is what a test says.
 *
 * The file WALL_CLOCK holds one int64_t in the machine's byte order: microseconds that
 * are added to the kernel's.  It is mapped, so a step is one store and is seen at once,
 * by every thread.  Clocks that never step, timers and waits are the kernel's own:
 * libfaketime also moves what timerfd and condition variables are told on
 * CLOCK_MONOTONIC, and no board does.
 *
 * The file WALL_BOOT, if it is named, stands for the kernel's boot id: another one, and
 * the machine was started anew.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t second_us = 1000000;
static const _Atomic int64_t *ahead_us;

__attribute__((constructor)) static void map_file(void)
{
    const char *path = getenv("WALL_CLOCK");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *page =
        fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*ahead_us), PROT_READ, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED) {
        perror("wall clock: WALL_CLOCK names no file that can be mapped");
        abort();
    }
    (void)close(fd);
    ahead_us = page;
}

static bool is_wall(clockid_t id)
{
    return id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE;
}

int clock_gettime(clockid_t id, struct timespec *ret)
{
    long r = syscall(SYS_clock_gettime, id, ret);
    if (r < 0 || !is_wall(id) || !ahead_us)
        return (int)r;
    int64_t us = ret->tv_sec * second_us + ret->tv_nsec / 1000 + *ahead_us;
    *ret = (struct timespec){us / second_us, us % second_us * 1000};
    return 0;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
    (void)zone;
    struct timespec now;
    int r = clock_gettime(CLOCK_REALTIME, &now);
    *ret = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return r;
}

time_t time(time_t *ret)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (ret)
        *ret = now.tv_sec;
    return now.tv_sec;
}

static FILE *open_file(const char *call, const char *path, const char *mode)
{
    FILE *(*next)(const char *, const char *) = NULL;
    const char *boot = getenv("WALL_BOOT");
    bool is_boot = boot && strcmp(path, "/proc/sys/kernel/random/boot_id") == 0;
    *(void **)&next = dlsym(RTLD_NEXT, call);
    return next ? next(is_boot ? boot : path, mode) : NULL;
}

FILE *fopen(const char *restrict path, const char *restrict mode)
{
    return open_file("fopen", path, mode);
}

FILE *fopen64(const char *restrict path, const char *restrict mode)
{
    return open_file("fopen64", path, mode);
}
