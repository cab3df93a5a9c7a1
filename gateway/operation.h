/* operation.h - what people order travels from a page's thread to the pipeline's.
 *
 * Main does it, and whoever gave it is told when what it changed is on the disk, or at
 * once and with the reason where the disk does not take it.  Nobody blocks: a queue of at
 * most OPERATION_MAX that wait for main or for the disk.  All that wait for the disk
 * share its next commit.
 */
#ifndef OPERATION_H
#define OPERATION_H

#include "base/outcome.h"
#include "campus/entry.h"
#include "gw/plugin.h"
#include "alarms/alarm.h"

struct operations;

enum { OPERATION_MAX = 64 };

/* operation_entry - into the day book. */
struct operation_entry {
    struct campus_entry entry;
    char actor[GW_ACTOR_MAX];
};

/* operation_list - many of them, all or none.
 * list  from malloc; whoever is called has it */
struct operation_list {
    struct campus_entry_list *list;
    char actor[GW_ACTOR_MAX];
};

struct county_given;

/* operation - to an alarm, to a plugin, into the day book, or of the county. */
enum operation_kind {
    OPERATION_ALARM,
    OPERATION_COMMAND,
    OPERATION_ENTRY,
    OPERATION_LIST,
    OPERATION_COUNTY
};
struct operation {
    enum operation_kind kind;
    struct outcome_to to;
    union {
        struct alarm_command alarm;
        struct gw_command command;
        struct operation_entry entry;
        struct operation_list list;
        struct county_given *county; /* lives until it is told */
    };
};

/* operations_ops - what main does.
 * serve   fills @ret; OUTCOME_UNKEPT there: *ret_mark is what the disk must reach */
struct operations_ops {
    void *ctx;
    void (*serve)(void *ctx, const struct operation *operation, struct outcome *ret,
                  uint64_t *ret_mark);
};

/* operations_new - Owner: caller; operations_free() after operations_end(). */
int operations_new(const struct operations_ops *ops, struct operations **ret);
struct operations *operations_free(struct operations *o);

/* operations_give - hands @operation to main; a list is freed here or there, whatever is
 * returned.  One that main does not come to within 2 s is not done any more.
 * returns 0: @operation->to is told; -EAGAIN too many wait, or -ESHUTDOWN: it is not.
 * Thread: any. */
int operations_give(struct operations *o, const struct operation *operation,
                    struct gw_error *err);

/* operations_fd - readable when an operation waits for main. */
int operations_fd(const struct operations *o);

/* operations_serve - does each that waits, and tells those that wait for no disk.
 * operations_settle - the disk is as far as @kept, @fault is in the way of the rest; see
 * store_ops.settled().  Thread: main; any. */
void operations_serve(struct operations *o);
void operations_settle(struct operations *o, uint64_t kept, const char *fault);

/* operations_begin - takes more again after operations_end().
 * operations_end - refuses new ones and tells all that wait. */
void operations_begin(struct operations *o);
void operations_end(struct operations *o);

#endif
