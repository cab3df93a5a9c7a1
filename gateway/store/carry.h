/* carry.h - what happens while there is no store, brought into the one that comes.
 *
 * Points and buses have ids for the time being; a record is translated by their names
 * when the ids on the disk are known.  Numbers that rise for life begin behind the
 * disk's.  Thread: main; names may be read by the one that tries to open.
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
 * bus  also the ticket that comes next on it */
struct carry_ops {
    void *ctx;
    int (*point)(void *ctx, const char *name, uint32_t *ret, struct gw_error *err);
    int (*bus)(void *ctx, const char *name, uint16_t *ret, uint64_t *ret_next,
               struct gw_error *err);
    uint64_t alarm_uid;
};

int carry_new(struct carry **ret);
struct carry *carry_free(struct carry *c);

/* An id for the time being: 1, 2, 3 … in the order of asking.  0 or -ENOMEM */
int carry_point(struct carry *c, const char *name, uint32_t *ret);
int carry_bus(struct carry *c, const char *name, uint16_t *ret);

/* carry_write_names - every name asked for, into @registry, uncommitted. */
int carry_write_names(const struct carry *c, struct registry *registry,
                      struct gw_error *err);

/* carry_add - copies @record; of kept states only the last of each key.
 * returns 0 or -ENOMEM */
int carry_add(struct carry *c, const struct gw_record *record);
size_t carry_rows(const struct carry *c);
size_t carry_bytes(const struct carry *c);

/* carry_each_state - kept states in the order of their first coming; one whose last word
 * was to remove it has NULL bytes. */
void carry_each_state(const struct carry *c,
                      void (*each)(void *ctx, const struct gw_state *state), void *ctx);
bool carry_has_state(const struct carry *c, const char *owner, const char *key);

/* carry_into - every record, translated, into @b.  0 or -errno */
int carry_into(struct carry *c, const struct carry_ops *ops, struct batch *b,
               struct gw_error *err);

#endif
