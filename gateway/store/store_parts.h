/* store_parts.h - what the store_*.c files share.  Not for others. */
#ifndef STORE_STORE_PARTS_H
#define STORE_STORE_PARTS_H

#include "base/arena.h"
#include "store/batch.h"
#include "store/carry.h"
#include "store/committer.h"
#include "store/opener.h"
#include "store/store.h"
#include "store/writer.h"

/* kept_deliveries - what store_delivered() gave for one bus. */
struct kept_deliveries {
    uint16_t bus;
    struct arena *arena;
};

struct store {
    struct store_config config;
    char *path;
    int lock_fd;                /* held while the file is ours */
    struct committer committer; /* the writer's while it runs */
    struct store_ops ops;
    struct writer *writer;
    struct batch *open;
    struct kept_deliveries *delivered; /* of store_delivered(), by bus */
    size_t delivered_count;
    struct gw_error notice; /* of the file at open; part of the status */
    bool is_notice_heard;
    struct carry *carry; /* what happened while it was away, until the writer has it */
    _Atomic uint64_t given_up[CARRY_CLASSES]; /* of it, for want of memory */
    struct opener *opener;
    struct gw_error away; /* why */
    _Atomic bool is_away;
};

/* store_open_file - lock, file, replacement of a broken one; 0 or -errno, all closed. */
int store_open_file(struct store *s, struct gw_error *err);

/* store_try_open - the opener's try.  store_bring_in - what happened meanwhile into the
 * open batch, before what was added since.  store_keep - a record while it is away. */
int store_try_open(void *store, struct gw_error *err);
int store_bring_in(struct store *s, struct gw_error *err);
int store_keep(struct store *s, const struct gw_record *record);

/* store_names_done - at the close. */
void store_names_done(struct store *s);

#endif
