/* The location of the call inside this file would tell nobody anything. */
#define SD_JOURNAL_SUPPRESS_LOCATION

#include "gw/log.h"

#include <ctype.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <systemd/sd-journal.h>

#include "base/clock.h"

enum { TEXT_MAX = 1024, FIELD_MAX = 256, EPISODES_MAX = 5 };

static const int64_t complaint_first_us = INT64_C(60) * 1000000;
static const int64_t complaint_last_us = INT64_C(3600) * 1000000;
static const int64_t hush_us = INT64_C(600) * 1000000;

static const char *const level_names[] = {
    [GW_LOG_ERROR] = "error", [GW_LOG_WARNING] = "warning", [GW_LOG_NOTICE] = "notice",
    [GW_LOG_INFO] = "info",   [GW_LOG_DEBUG] = "debug",
};

static atomic_int level_limit = GW_LOG_INFO;

void gw_log_set_level(enum gw_log_level level)
{
    level_limit = (int)level;
}

/* systemd names the device and inode of the stream it connected; a redirected
 * stderr no longer matches. Asked each time: lines are rare and tests redirect. */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat st;
    if (!stream || fstat(STDERR_FILENO, &st) < 0)
        return false;
    char expected[64];
    (void)snprintf(expected, sizeof(expected), "%ju:%ju", (uintmax_t)st.st_dev,
                   (uintmax_t)st.st_ino);
    for (size_t i = 0; expected[i] || stream[i]; i++)
        if (expected[i] != stream[i])
            return false;
    return true;
}

/* "bus riser-2: " before the text, for readers who do not look at fields. */
static void format_subject(struct gw_subject about, char *ret, size_t size)
{
    ret[0] = '\0';
    if (!about.name)
        return;
    (void)snprintf(ret, size, "%s%s%s: ", about.field ? about.field : "",
                   about.field ? " " : "", about.name);
    for (size_t i = 0; about.field && about.field[i] && ret[i]; i++)
        ret[i] = (char)tolower((unsigned char)ret[i]);
}

static void send_to_journal(enum gw_log_level level, struct gw_subject about,
                            const char *subject, const char *text)
{
    char field[FIELD_MAX];
    if (about.field && about.name
        && snprintf(field, sizeof(field), "GW_%s=%s", about.field, about.name)
               < (int)sizeof(field))
        (void)sd_journal_send("MESSAGE=%s%s", subject, text, "PRIORITY=%d", (int)level,
                              "%s", field, NULL);
    else
        (void)sd_journal_send("MESSAGE=%s%s", subject, text, "PRIORITY=%d", (int)level,
                              NULL);
}

/* One write a line, so that lines of several threads do not mix. */
static void write_line(enum gw_log_level level, const char *subject, const char *text)
{
    char line[TEXT_MAX + 2 * FIELD_MAX];
    int size =
        snprintf(line, sizeof(line), "%s: %s%s", level_names[level], subject, text);
    if (size < 0)
        return;
    size_t end = (size_t)size < sizeof(line) - 1 ? (size_t)size : sizeof(line) - 2;
    line[end] = '\n';
    ssize_t written = write(STDERR_FILENO, line, end + 1);
    (void)written; /* nobody left to tell */
}

static void log_text(enum gw_log_level level, struct gw_subject about, const char *text)
{
    char subject[FIELD_MAX];
    format_subject(about, subject, sizeof(subject));
    if (stderr_is_journal())
        send_to_journal(level, about, subject, text);
    else
        write_line(level, subject, text);
}

void gw_log(enum gw_log_level level, struct gw_subject about, const char *format, ...)
{
    if ((int)level > level_limit)
        return;
    char text[TEXT_MAX];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (size >= 0)
        log_text(level, about, text);
}

/* Counts a beginning; the ten minutes run from the first. */
static void begin(struct gw_complaint *c, int64_t now)
{
    c->is_open = true;
    c->interval_us = 0;
    if (now >= c->hushed_until_us || c->episodes == 0) {
        c->hushed_until_us = now + hush_us;
        c->episodes = 0;
    }
    if (c->episodes <= EPISODES_MAX)
        c->episodes++;
    c->next_us = c->episodes > EPISODES_MAX ? c->hushed_until_us : now;
}

static bool is_hushed(const struct gw_complaint *c)
{
    return c->episodes > EPISODES_MAX;
}

static void say(const struct gw_complaint *c, struct gw_subject about, const char *text)
{
    char more[48] = "";
    if (c->suppressed)
        (void)snprintf(more, sizeof(more), " (and %u times more)", c->suppressed);
    bool is_last = c->episodes == EPISODES_MAX && c->interval_us == 0;
    gw_log(GW_LOG_WARNING, about, "%s%s%s", text, more,
           is_last ? "; it comes and goes: from here only counted for 10 min" : "");
}

void gw_complain(struct gw_complaint *c, struct gw_subject about, const char *format, ...)
{
    int64_t now = clock_machine_us();
    if (!c->is_open)
        begin(c, now);
    if (now < c->next_us) {
        c->suppressed++;
        return;
    }
    char text[TEXT_MAX];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (size < 0)
        return;
    say(c, about, text);
    c->interval_us = c->interval_us ? 2 * c->interval_us : complaint_first_us;
    if (c->interval_us > complaint_last_us)
        c->interval_us = complaint_last_us;
    c->next_us = now + c->interval_us;
    c->suppressed = 0;
    if (is_hushed(c))
        c->episodes = 0; /* it was said again: its end will be too */
}

void gw_relieve(struct gw_complaint *c, struct gw_subject about, const char *format, ...)
{
    if (!c->is_open)
        return;
    c->is_open = false;
    if (is_hushed(c))
        return;
    char text[TEXT_MAX];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (size >= 0)
        gw_log(GW_LOG_NOTICE, about, "%s", text);
    c->suppressed = 0;
}
