/* sender.h - which outbox row goes next: alarms, then what is new, then the backlog.
 *
 * Within a priority what is due again comes first.  What was there when the connection
 * began is the backlog: it keeps to its rate and never holds up what is new.
 * Thread: one owner, the outbox's.
 */
#ifndef UPLINK_SENDER_H
#define UPLINK_SENDER_H

#include "gw/error.h"
#include "store/outbox.h"

struct sender;

struct sender_config {
    uint32_t window;
    int64_t resend_us;
    uint32_t backlog_rate; /* rows a second */
};

/* sender_new - @outbox is borrowed for life.  Owner: caller; sender_free() */
int sender_new(const struct sender_config *config, struct outbox *outbox,
               struct sender **ret);
struct sender *sender_free(struct sender *s);

/* sender_set_window - of what is sent from now on. */
void sender_set_window(struct sender *s, uint32_t window);

/* sender_connected - what is in the outbox now is the backlog, all later rows are new.
 * returns 0 or -errno of the outbox
 * sender_disconnected - what the broker has not acknowledged is due again. */
int sender_connected(struct sender *s, int64_t now_us, struct gw_error *err);
void sender_disconnected(struct sender *s, int64_t now_us);

/* sender_anew - on another way: all that was sent and not answered is due again. */
void sender_anew(struct sender *s, int64_t now_us);

/* sender_recall - the platform asks for [@from, @to] once more: what it answered of them
 * counts no more, and what waits for its answer is due.
 * sender_recalled - rows were put back in the outbox: all that waits there is backlog.
 * returns 0 or -errno of the outbox */
void sender_recall(struct sender *s, uint64_t epoch, uint64_t from, uint64_t to,
                   int64_t now_us);
int sender_recalled(struct sender *s, int64_t now_us, struct gw_error *err);

/* sender_appended - there are new rows to look for. */
void sender_appended(struct sender *s);

/* sender_next - the row to publish now, then sender_sent() with its mid.
 * sender_next_alarm - the same, of alarms only.
 * returns 1 and *ret (valid until the next call), 0 when nothing may go, or -errno */
int sender_next(struct sender *s, int64_t now_us, struct outbox_row *ret,
                struct gw_error *err);
int sender_next_alarm(struct sender *s, int64_t now_us, struct outbox_row *ret,
                      struct gw_error *err);

/* sender_sent - returns true when it had been sent before. */
bool sender_sent(struct sender *s, const struct outbox_row *row, int mid, int64_t now_us);

/* sender_puback - the window moves on; false: none of ours. */
bool sender_puback(struct sender *s, int mid, uint64_t *ret_epoch, uint64_t *ret_seq);

/* sender_answer - the platform has [@from, @to]: those of them that are on their way need
 * not be sent any more and are handed to @each, in order; NULL is fine.  No answer ends a
 * row that was not sent, however far its range reaches. */
void sender_answer(struct sender *s, uint64_t epoch, uint64_t from, uint64_t to,
                   void (*each)(void *ctx, uint64_t epoch, uint64_t from, uint64_t to),
                   void *ctx);

/* sender_find - the one row on its way that @is_it; false: there is none, or more than
 * one. */
bool sender_find(const struct sender *s,
                 bool (*is_it)(void *ctx, uint64_t epoch, uint64_t seq), void *ctx,
                 uint64_t *ret_epoch, uint64_t *ret_seq);

/* sender_leave_out - @row, from sender_next(), is not for this platform: it is not looked
 * for again, and handed to @each. */
void sender_leave_out(struct sender *s, const struct outbox_row *row,
                      void (*each)(void *ctx, uint64_t epoch, uint64_t from, uint64_t to),
                      void *ctx);

/* sender_heard - the platform answered at @now_us. */
void sender_heard(struct sender *s, int64_t now_us);

/* sender_wait - when sender_next() may have something without any event. */
int64_t sender_wait(const struct sender *s, int64_t now_us);
int64_t sender_oldest_open(const struct sender *s);
size_t sender_in_flight(const struct sender *s);

#endif
