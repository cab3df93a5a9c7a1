/* carry.h - what happens while there is no store, brought into the one that comes.
 *
 * Points and buses have ids for the time being; a record is translated by their names
 * when the ids on the disk are known.  Numbers that rise for life begin behind the
 * disk's.  Thread: main, but for carry_write_names().
 */
#ifndef STORE_CARRY_H
#define STORE_CARRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"
#include "gw/record.h"
#include "store/batch.h"
#include "store/registry.h"

struct carry;

/* carry_ops - the store's answers once it is open: ids by name, numbers to begin behind.
 * bus  also what the disk has of its messages, borrowed until carry_into() ends */
struct carry_ops {
    void *ctx;
    int (*point)(void *ctx, const char *name, uint32_t *ret, struct gw_error *err);
    int (*bus)(void *ctx, const char *name, uint16_t *ret,
               struct gw_delivered *ret_delivered, struct gw_own_ids *ret_ids,
               struct gw_error *err);
    uint64_t alarm_uid;
};

int carry_new(struct carry **ret);
struct carry *carry_free(struct carry *c);

/* An id for the time being: 1, 2, 3 … in the order of asking.  0 or -ENOMEM */
int carry_point(struct carry *c, const char *name, uint32_t *ret);
int carry_bus(struct carry *c, const char *name, uint16_t *ret);

/* carry_write_names - every name asked for so far, into @registry, uncommitted.
 * Thread: any; main may ask for more meanwhile. */
int carry_write_names(struct carry *c, struct registry *registry, struct gw_error *err);

/* carry_class - what gives way in which order when memory is short: the first is full
 * at CARRY_ROWS_MAX rows or CARRY_BYTES_MAX, the second at twice that, the last at four
 * times.  Kept states have a place each, as many as there are keys, and so the present
 * state of an alarm stays also when its transitions do not. */
enum carry_class { CARRY_READINGS, CARRY_EVIDENCE, CARRY_TRANSITIONS, CARRY_CLASSES };
enum { CARRY_ROWS_MAX = 20000, CARRY_BYTES_MAX = 4 << 20 };

/* The ticket that stands for all that a bus took before: see gw_bus_setup. */
enum { CARRY_TICKET = 1 };

/* carry_add - copies @record; of kept states only the last of each key.  Summaries and
 * facts are evidence.  Readings and deliveries are taken always: only who gives knows
 * which belong to one message.  returns 0, -ENOBUFS: no room for its class, or -ENOMEM */
int carry_add(struct carry *c, const struct gw_record *record);
bool carry_has_room(const struct carry *c, enum carry_class class);
enum carry_class carry_class_of(const struct gw_record *record);
size_t carry_rows(const struct carry *c);

/* carry_alarm_uid - the highest that a transition bears; 0: none came. */
uint64_t carry_alarm_uid(const struct carry *c);

/* carry_each_state - kept states in the order of their first coming; one whose last word
 * was to remove it has NULL bytes. */
void carry_each_state(const struct carry *c,
                      void (*each)(void *ctx, const struct gw_state *state), void *ctx);
bool carry_has_state(const struct carry *c, const char *owner, const char *key);

/* carry_into - every record, translated, into @b; of messages that the disk has already,
 * *ret_again of them, no readings.  0 or -errno */
int carry_into(struct carry *c, const struct carry_ops *ops, struct batch *b,
               size_t *ret_again, struct gw_error *err);

#endif
