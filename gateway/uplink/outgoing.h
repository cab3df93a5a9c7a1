/* outgoing.h - the rows on their way to the county, whatever carries them.
 *
 * Which one goes next, which were sent, which the platform has: the same for a session
 * and for a batch, so that one can go on where the other ended.  A carrier begins, takes
 * rows, says which it has handed over, and ends.
 * Thread: the uplink's, but for those that say "any".
 */
#ifndef UPLINK_OUTGOING_H
#define UPLINK_OUTGOING_H

#include "uplink/county.h"
#include "uplink/sender.h"

struct outgoing;

/* outgoing_new - @setup is borrowed for life.  Owner: caller; outgoing_free() */
int outgoing_new(const struct county_setup *setup, struct outgoing **ret,
                 struct gw_error *err);
struct outgoing *outgoing_free(struct outgoing *o);

/* outgoing_begin - for a carrier that has at most @window rows open: what waits in the
 * outbox now is backlog.
 * outgoing_end - what it had not handed over is due again. */
int outgoing_begin(struct outgoing *o, uint32_t window, struct gw_error *err);
void outgoing_end(struct outgoing *o);

/* outgoing_anew - between two carriers: what the first had handed over was not answered,
 * so all of it is due. */
void outgoing_anew(struct outgoing *o);

/* outgoing_next - the row to send now, then outgoing_sent().
 * outgoing_next_alarm - the same, of alarms only.
 * returns  1 and *ret (valid until the next call); 0: nothing may go, or the outbox
 *          cannot be read for the moment, which was told; or -errno: begin anew */
int outgoing_next(struct outgoing *o, struct outbox_row *ret, struct gw_error *err);
int outgoing_next_alarm(struct outgoing *o, struct outbox_row *ret, struct gw_error *err);

/* outgoing_sent - @row is on its way as @mid, which no other open row has.
 * outgoing_passed - whoever is between here and the platform has @mid; @is_end: and that
 *                   is enough.  returns false when it is none of ours */
void outgoing_sent(struct outgoing *o, const struct outbox_row *row, int mid);
bool outgoing_passed(struct outgoing *o, int mid, bool is_end);

/* outgoing_leave_out - @row has no place at this platform: it ends unsent.  @fault:
 * -errno of its mapping, which is told; 0 = none
 * outgoing_heard - an answer came, see answer.h.
 * returns true when it is as it should be */
void outgoing_leave_out(struct outgoing *o, const struct outbox_row *row, int fault);
bool outgoing_heard(struct outgoing *o, const void *payload, size_t size);

/* outgoing_answered - the platform has these. */
void outgoing_answered(struct outgoing *o, uint64_t epoch, const struct gw_range *ranges,
                       size_t count);

/* outgoing_recall - the platform asks for these once more. */
void outgoing_recall(struct outgoing *o, const struct county_order *order);

/* outgoing_appended, outgoing_recalled - as county_appended(), county_recalled().
 * outgoing_count - fills in what county_status says of rows.  Thread: any */
void outgoing_appended(struct outgoing *o);
void outgoing_recalled(struct outgoing *o);
void outgoing_count(struct outgoing *o, struct county_status *ret);

/* outgoing_in_flight - rows that were sent and not answered.
 * outgoing_wait - when outgoing_next() may have something without any event.
 * outgoing_oldest_open - when a carrier was first given what it has not handed over.
 * outgoing_outbox - for those who tell of it. */
size_t outgoing_in_flight(const struct outgoing *o);
int64_t outgoing_wait(const struct outgoing *o);
int64_t outgoing_oldest_open(const struct outgoing *o);
struct outbox *outgoing_outbox(struct outgoing *o);

#endif
