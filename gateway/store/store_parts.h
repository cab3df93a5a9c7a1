/* store_parts.h - what store.c and store_names.c share.  Not for others. */
#ifndef STORE_STORE_PARTS_H
#define STORE_STORE_PARTS_H

#include "base/arena.h"
#include "store/batch.h"
#include "store/committer.h"
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
    int lock_fd; /* held while the file is ours; its bytes are the reserve */
    struct committer committer; /* the writer's while it runs */
    struct store_ops ops;
    struct writer *writer;
    struct batch *open;
    struct kept_deliveries *delivered; /* of store_delivered(), by bus */
    size_t delivered_count;
    struct gw_error notice; /* what happened to the file at open; part of the status */
};

/* store_names_done - at the close. */
void store_names_done(struct store *s);

#endif
