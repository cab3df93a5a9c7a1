#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gw/driver.h"

enum { SECOND_US = 1000000 };

/* No board was set before this software was written: an earlier time is the
 * epoch, or the image's build time, and not the time of day. 2026-01-01 UTC. */
static const int64_t earliest_us = INT64_C(1767225600) * SECOND_US;

/* What RFC 3339 can write with four digits, as struct tm counts. */
enum { FIRST_YEAR = 1000 - 1900, LAST_YEAR = 9999 - 1900 };

enum hook_mode { HOOK_KERNEL, HOOK_RUNNING, HOOK_SET };

/* The one mutable global of this file; the mode is read without the lock, so that
 * the daemon itself never takes it. */
static struct {
    _Atomic enum hook_mode mode;
    _Atomic bool is_doubted;
    pthread_mutex_t lock;
    int64_t machine_us; /* RUNNING: when it started; SET: the hand */
    int64_t school_us;  /* RUNNING: where it started; SET: the hand */
    double speed;
} hook = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int64_t kernel_us(clockid_t id)
{
    struct timespec now;
    (void)clock_gettime(id, &now); /* cannot fail for these clocks */
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

int64_t clock_machine_us(void)
{
    if (hook.mode != HOOK_SET)
        return kernel_us(CLOCK_MONOTONIC);
    pthread_mutex_lock(&hook.lock);
    int64_t now = hook.mode == HOOK_SET ? hook.machine_us : kernel_us(CLOCK_MONOTONIC);
    pthread_mutex_unlock(&hook.lock);
    return now;
}

int64_t gw_machine_us(void)
{
    return clock_machine_us();
}

static int64_t hooked_school_us(void)
{
    enum hook_mode mode = hook.mode;
    switch (mode) {
    case HOOK_SET:
        return hook.school_us;
    case HOOK_RUNNING:
        return hook.school_us
               + (int64_t)((double)(kernel_us(CLOCK_MONOTONIC) - hook.machine_us)
                           * hook.speed);
    case HOOK_KERNEL:
    default:
        return kernel_us(CLOCK_REALTIME);
    }
}

int64_t clock_school_us(void)
{
    if (hook.mode == HOOK_KERNEL)
        return kernel_us(CLOCK_REALTIME);
    pthread_mutex_lock(&hook.lock);
    int64_t now = hooked_school_us();
    pthread_mutex_unlock(&hook.lock);
    return now;
}

bool clock_is_plausible(int64_t school_us)
{
    return school_us >= earliest_us;
}

void clock_doubt(bool is_doubted)
{
    hook.is_doubted = is_doubted;
}

bool clock_is_trusted(int64_t school_us)
{
    return hook.mode != HOOK_KERNEL
           || (!hook.is_doubted && clock_is_plausible(school_us));
}

bool clock_school_is_known(void)
{
    return clock_is_trusted(kernel_us(CLOCK_REALTIME));
}

bool clock_school_is_driven(void)
{
    return hook.mode != HOOK_KERNEL;
}

bool clock_school_was_set(int64_t *ahead_us)
{
    if (hook.mode != HOOK_KERNEL)
        return false;
    int64_t before = kernel_us(CLOCK_MONOTONIC);
    int64_t ahead = kernel_us(CLOCK_REALTIME) - before;
    if (kernel_us(CLOCK_MONOTONIC) - before > CLOCK_STEP_US / 2)
        return false; /* held up between two looks: they say nothing */
    int64_t moved = *ahead_us ? ahead - *ahead_us : 0;
    *ahead_us = ahead;
    return moved > CLOCK_STEP_US || moved < -CLOCK_STEP_US;
}

static void hook_change(enum hook_mode mode, int64_t machine_us, int64_t school_us,
                        double speed)
{
    pthread_mutex_lock(&hook.lock);
    hook.machine_us = machine_us;
    hook.school_us = school_us;
    hook.speed = speed;
    hook.mode = mode;
    pthread_mutex_unlock(&hook.lock);
}

void clock_run_school(int64_t start_us, double speed)
{
    hook_change(HOOK_RUNNING, kernel_us(CLOCK_MONOTONIC), start_us, speed);
}

void clock_set(int64_t machine_us, int64_t school_us)
{
    hook_change(HOOK_SET, machine_us, school_us, 1);
}

void clock_release(void)
{
    hook_change(HOOK_KERNEL, 0, 0, 1);
}

void clock_boot(char ret[CLOCK_BOOT_MAX])
{
    (void)snprintf(ret, CLOCK_BOOT_MAX, "00000000-0000-0000-0000-000000000000");
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (!file)
        return;
    char id[CLOCK_BOOT_MAX];
    if (fgets(id, sizeof(id), file) && strlen(id) == CLOCK_BOOT_MAX - 1)
        (void)snprintf(ret, CLOCK_BOOT_MAX, "%s", id);
    (void)fclose(file);
}

int64_t clock_school_delay(int64_t school_us)
{
    int64_t now = clock_school_us();
    if (school_us <= now)
        return 0;
    int64_t left = 0;
    if (__builtin_sub_overflow(school_us, now, &left))
        return INT64_MAX;
    pthread_mutex_lock(&hook.lock);
    double speed = hook.mode == HOOK_RUNNING ? hook.speed : 1;
    pthread_mutex_unlock(&hook.lock);
    if (speed == 1)
        return left;
    double delay = (double)left / speed + 1; /* never a moment too early */
    return delay < 9e18 ? (int64_t)delay : INT64_MAX;
}

/* Seconds since 1970, rounded down also before it. */
static int64_t whole_seconds(int64_t time_us)
{
    int64_t seconds = time_us / SECOND_US;
    return time_us % SECOND_US < 0 ? seconds - 1 : seconds;
}

void clock_format(int64_t time_us, int offset_s, char ret[CLOCK_TEXT_MAX])
{
    int64_t seconds = whole_seconds(time_us);
    int ms = (int)((time_us % SECOND_US + SECOND_US) % SECOND_US / 1000);
    time_t local = (time_t)(seconds + offset_s);
    struct tm at = {0};
    if (time_us == GW_TIME_NONE || !gmtime_r(&local, &at) || at.tm_year < FIRST_YEAR
        || at.tm_year > LAST_YEAR) {
        (void)snprintf(ret, CLOCK_TEXT_MAX, "unknown");
        return;
    }
    size_t used = strftime(ret, CLOCK_TEXT_MAX, "%FT%T", &at);
    if (ms)
        used += (size_t)snprintf(ret + used, CLOCK_TEXT_MAX - used, ".%03d", ms);
    unsigned minutes = (unsigned)abs(offset_s) / 60 % (24 * 60);
    if (offset_s)
        (void)snprintf(ret + used, CLOCK_TEXT_MAX - used, "%c%02u:%02u",
                       offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
    else
        (void)snprintf(ret + used, CLOCK_TEXT_MAX - used, "Z");
}

void clock_stamp(int64_t time_us, char ret[CLOCK_STAMP_MAX])
{
    clock_format(whole_seconds(time_us) * SECOND_US, 0, ret);
    char *end = ret;
    for (const char *c = ret; *c; c++)
        if (*c != '-' && *c != ':')
            *end++ = *c;
    *end = '\0';
}

/* Exactly @digits decimal digits within [min, max]; *text moves behind them. */
static bool take_number(const char **text, int digits, int min, int max, int *ret)
{
    int value = 0;
    for (int i = 0; i < digits; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        value = 10 * value + (**text - '0');
    }
    *ret = value;
    return value >= min && value <= max;
}

static bool take_mark(const char **text, char mark)
{
    if (**text != mark)
        return false;
    (*text)++;
    return true;
}

/* ".123" of any length, cut at microseconds; none is fine. */
static bool take_fraction(const char **text, int *ret_us)
{
    *ret_us = 0;
    if (!take_mark(text, '.'))
        return true;
    int unit = SECOND_US / 10;
    const char *start = *text;
    for (; **text >= '0' && **text <= '9'; (*text)++, unit /= 10)
        *ret_us += unit * (**text - '0');
    return *text > start;
}

static bool take_zone(const char **text, int *ret_s)
{
    *ret_s = 0;
    if (take_mark(text, 'Z'))
        return true;
    int sign = **text == '-' ? -1 : 1;
    if (!take_mark(text, '+') && !take_mark(text, '-'))
        return false;
    int hours = 0;
    int minutes = 0;
    if (!take_number(text, 2, 0, 23, &hours) || !take_mark(text, ':')
        || !take_number(text, 2, 0, 59, &minutes))
        return false;
    *ret_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

int clock_parse(const char *text, int64_t *ret_us)
{
    struct tm at = {0};
    int fraction_us = 0;
    int offset_s = 0;
    bool is_time = take_number(&text, 4, 1, 9999, &at.tm_year) && take_mark(&text, '-')
                   && take_number(&text, 2, 1, 12, &at.tm_mon) && take_mark(&text, '-')
                   && take_number(&text, 2, 1, 31, &at.tm_mday) && take_mark(&text, 'T')
                   && take_number(&text, 2, 0, 23, &at.tm_hour) && take_mark(&text, ':')
                   && take_number(&text, 2, 0, 59, &at.tm_min) && take_mark(&text, ':')
                   && take_number(&text, 2, 0, 59, &at.tm_sec)
                   && take_fraction(&text, &fraction_us) && take_zone(&text, &offset_s)
                   && *text == '\0';
    if (!is_time)
        return -EINVAL;
    at.tm_year -= 1900;
    at.tm_mon -= 1;
    int day = at.tm_mday;
    int64_t seconds = (int64_t)timegm(&at); /* moves 31 February into March */
    if (at.tm_mday != day)
        return -EINVAL;
    *ret_us = (seconds - offset_s) * SECOND_US + fraction_us;
    return 0;
}
