/* inflight.h - rows that were sent and whose end has not come.
 *
 * A row is open until the broker's PUBACK: only open rows fill the window.  It is
 * unanswered until the platform's range (or, by choice, the PUBACK) ends it, and is
 * due again after a time that doubles.  Alarms have places of their own, so that
 * nothing ordinary can keep them back.  Pure state: time is an argument.
 * Thread: one owner.
 */
#ifndef UPLINK_INFLIGHT_H
#define UPLINK_INFLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inflight;

enum {
    INFLIGHT_ORDINARY_MAX = 2000, /* unanswered rows of priority 1.. */
    INFLIGHT_ALARM_MAX = 500,     /* unanswered rows of priority 0 */
};

/* The longest wait between two sendings of a row. */
#define INFLIGHT_RESEND_MAX_US INT64_C(600000000)

struct inflight_key {
    uint64_t epoch;
    uint64_t seq;
};

/* inflight_new - @window: open rows, 1..; @resend_us: the first wait.
 * Owner: caller; inflight_free() */
int inflight_new(uint32_t window, int64_t resend_us, struct inflight **ret);
struct inflight *inflight_free(struct inflight *f);

/* inflight_set_window - of those that are sent from now on. */
void inflight_set_window(struct inflight *f, uint32_t window);

/* inflight_has_window - one more may be published.  inflight_has_place - a row of
 * @priority that is not here yet may be. */
bool inflight_has_window(const struct inflight *f);
bool inflight_has_place(const struct inflight *f, int priority);
bool inflight_holds(const struct inflight *f, const struct inflight_key *key);

/* inflight_sent - @key was published as @mid (1..) at @now_us: a new row, or one
 * that was due.  returns true when it had been sent before */
bool inflight_sent(struct inflight *f, const struct inflight_key *key, int priority,
                   int mid, int64_t now_us);

/* inflight_puback - the broker has @mid.  returns false when it is none of ours */
bool inflight_puback(struct inflight *f, int mid, struct inflight_key *ret);

/* inflight_end - rows of [@from, @to] need not be sent any more: those that are here, in
 * order and joined where they touch, are handed to @each; NULL is fine.
 * returns how many there were */
size_t inflight_end(struct inflight *f, uint64_t epoch, uint64_t from, uint64_t to,
                    void (*each)(void *ctx, uint64_t epoch, uint64_t from, uint64_t to),
                    void *ctx);

/* inflight_find - the one row that @is_it; false: there is none, or more than one. */
bool inflight_find(const struct inflight *f,
                   bool (*is_it)(void *ctx, uint64_t epoch, uint64_t seq), void *ctx,
                   struct inflight_key *ret);

/* inflight_disconnected - what was open is due at once. */
void inflight_disconnected(struct inflight *f, int64_t now_us);

/* inflight_anew - on another way: all of it is due at once, and is not open. */
void inflight_anew(struct inflight *f, int64_t now_us);

/* inflight_hasten - the platform answers again after a silence: what waits for a doubled
 * time is due after the first wait. */
void inflight_hasten(struct inflight *f, int64_t now_us);

/* inflight_recall - the platform asks for [@from, @to]: those of them that wait for their
 * answer are due at once. */
void inflight_recall(struct inflight *f, uint64_t epoch, uint64_t from, uint64_t to,
                     int64_t now_us);

/* inflight_due - the row of @priority that has been due longest at @now_us.  returns
 * false when none is. */
bool inflight_due(const struct inflight *f, int priority, int64_t now_us,
                  struct inflight_key *ret);

/* inflight_next_due - when the next row is due, INT64_MAX for none;
 * inflight_oldest_open - when the broker was first given what it has not acknowledged. */
int64_t inflight_next_due(const struct inflight *f);
int64_t inflight_oldest_open(const struct inflight *f);
size_t inflight_count(const struct inflight *f);

#endif
