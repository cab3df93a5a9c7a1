/* batch.h - records on their way to one commit, copied into one arena.
 * Thread: one owner at a time: main fills it, the writer empties it. */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/record.h"

struct batch;

int batch_new(struct batch **ret);
struct batch *batch_free(struct batch *b);

/* batch_add - copies @record with all that its pointers name.
 * returns 0 or -ENOMEM (the batch is unchanged) */
int batch_add(struct batch *b, const struct gw_record *record);

/* batch_append - every record of @from, copied.  returns 0 or -ENOMEM */
int batch_append(struct batch *b, const struct batch *from);

/* batch_urge - somebody waits for its commit. */
void batch_urge(struct batch *b);

/* batch_each - calls @write for every record in order; stops at the first that gives
 * non-zero and returns it. */
int batch_each(const struct batch *b,
               int (*write)(void *ctx, const struct gw_record *record), void *ctx);

/* batch_rows - records that become rows: deliveries and commit requests do not count.
 * batch_is_urgent - it holds a transition, a bus asks for its commit, or it was urged.
 * batch_has_alarm - it holds a transition. */
size_t batch_rows(const struct batch *b);
size_t batch_bytes(const struct batch *b);
bool batch_is_empty(const struct batch *b);
bool batch_is_urgent(const struct batch *b);
bool batch_has_alarm(const struct batch *b);

/* batch_each_ticket - the highest ticket of each bus whose messages end here. */
void batch_each_ticket(const struct batch *b,
                       void (*each)(void *ctx, uint16_t bus, uint64_t ticket), void *ctx);

/* When the first record came, machine time; kept here for the commit rules. */
int64_t batch_opened_us(const struct batch *b);

/* A list of sealed batches, oldest first. */
struct batch_list {
    struct batch *first;
    struct batch *last;
};
void batch_list_add(struct batch_list *list, struct batch *b);
void batch_list_move(struct batch_list *from, struct batch_list *to);
void batch_list_free(struct batch_list *list);

/* batch_next - to walk a list; NULL at its end. */
const struct batch *batch_next(const struct batch *b);

/* batch_list_each - as batch_each() over all of them. */
int batch_list_each(const struct batch_list *list,
                    int (*write)(void *ctx, const struct gw_record *record), void *ctx);

#endif
