/* diff.h - what two resolved trees say differently.
 *
 * Compared is what the tables make of the files, not how they are written: order,
 * spelling of a unit, a default that is written out or a template in between are no
 * change.  Thread: any; both trees are only read.
 */
#ifndef CONFIG_DIFF_H
#define CONFIG_DIFF_H

#include "config/config.h"

enum diff_kind {
    DIFF_SECTION, /* of gateway.yaml or campus.yaml */
    DIFF_METRIC,
    DIFF_PLACE,
    DIFF_CLASS,
    DIFF_BUS,
    DIFF_DEVICE,
    DIFF_POINT, /* of a device that is in both trees */
    DIFF_RULE,
    DIFF_KINDS
};
enum diff_what { DIFF_CHANGED, DIFF_ADDED, DIFF_REMOVED };

/* diff_key - one key of a changed row; what is not there is "nothing", and what may be a
 * secret is "(not shown)" on both sides. */
struct diff_key {
    const char *key;
    const char *before;
    const char *after;
};

struct diff_row {
    enum diff_kind kind;
    enum diff_what what;
    const char *name;
    struct diff_key *keys; /* of a changed row */
    size_t key_count;
};

/* config_diff - rows by kind, then in the order of the files. */
struct config_diff {
    struct arena *arena;
    struct diff_row *rows;
    size_t count;
    size_t room;
    bool has_failed; /* out of memory: some rows are not in it */
};

/* config_diff_new - everything but the rules and the sections of gateway.yaml that have a
 * struct of their own: their owners add them.  returns 0 or -ENOMEM.
 * Owner: caller; config_diff_free() */
int config_diff_new(const struct config *before, const struct config *after,
                    struct config_diff **ret);
struct config_diff *config_diff_free(struct config_diff *d);

/* config_diff_options - a changed row of @kind for what @options find different.
 * returns true when there is something */
bool config_diff_options(struct config_diff *d, enum diff_kind kind, const char *name,
                         const struct gw_option *options, const void *before,
                         const void *after);

/* config_diff_has - some row of @kind, of @name (NULL = of any). */
bool config_diff_has(const struct config_diff *d, enum diff_kind kind, const char *name);

const char *diff_kind_name(enum diff_kind kind);
const char *diff_what_name(enum diff_what what);

/* options_equal - two structs say the same by @options (NULL = no table). */
bool options_equal(const struct gw_option *options, const void *a, const void *b);

/* config_same_bus - bus @name is in both trees and its driver would find nothing new:
 * its options, devices and points with theirs, the gateway's id.  Its thread and
 * connection may stay. */
bool config_same_bus(const struct config *before, const struct config *after,
                     const char *name);

/* config_same_value - @a of tree @before and @b of tree @after mean the same: what was
 * read from the one is a value of the other. */
bool config_same_value(const struct config *before, const struct config_point *a,
                       const struct config *after, const struct config_point *b);

#endif
