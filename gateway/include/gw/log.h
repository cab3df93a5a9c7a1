/* log.h - one line a change of state, at the edges only.
 *
 * To the journal with the fields GW_BUS= GW_DEVICE= GW_POINT= ... when stderr is
 * the journal, else one plain line on stderr.  Thread: any.
 */
#ifndef GW_LOG_H
#define GW_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum gw_log_level {
    GW_LOG_ERROR = 3,
    GW_LOG_WARNING,
    GW_LOG_NOTICE,
    GW_LOG_INFO,
    GW_LOG_DEBUG
};

/* What a line is about.  @field becomes the journal field "GW_<FIELD>". */
struct gw_subject {
    const char *field; /* "BUS", "DEVICE", "POINT", "RULE", "STORE", ... or NULL */
    const char *name;
};

void gw_log(enum gw_log_level level, struct gw_subject about, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void gw_log_set_level(enum gw_log_level level);

/* gw_complaint - says a lasting fault once, again after a doubling time
 * (1 min to 1 h), and its end once.  One that comes and goes is said five times in ten
 * minutes; the last line says so, and the rest is counted.  Zero-initialise. */
struct gw_complaint {
    int64_t next_us;
    int64_t interval_us;
    int64_t hushed_until_us; /* of one that comes and goes */
    unsigned episodes;       /* begun before that */
    unsigned suppressed;
    bool is_open;
};

/* gw_complain - logs when due and counts what it holds back. */
void gw_complain(struct gw_complaint *c, struct gw_subject about, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* gw_relieve - logs the end of an open complaint; else nothing. */
void gw_relieve(struct gw_complaint *c, struct gw_subject about, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
