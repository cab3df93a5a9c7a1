/* operation.h - an operator's action travels from a page's thread to the pipeline's.
 *
 * The caller waits for the answer, main never does.  A queue of at most
 * OPERATION_MAX waiting callers.
 */
#ifndef OPERATION_H
#define OPERATION_H

#include "campus/entry.h"
#include "gw/error.h"
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

/* operation - to an alarm, to a plugin, or into the day book. */
enum operation_kind {
    OPERATION_ALARM,
    OPERATION_COMMAND,
    OPERATION_ENTRY,
    OPERATION_LIST
};
struct operation {
    enum operation_kind kind;
    union {
        struct alarm_command alarm;
        struct gw_command command;
        struct operation_entry entry;
        struct operation_list list;
    };
};

/* operations_new - Owner: caller; operations_free() after every caller has gone. */
int operations_new(struct operations **ret);
struct operations *operations_free(struct operations *o);

/* operations_call - hands @operation to main and waits at most 2 s for its answer; a
 * list is freed here or there, whatever is returned.
 * ret_answer  the text of a command's answer or NULL; caller frees.  May be NULL
 * returns main's answer, -EAGAIN too many wait, -ETIMEDOUT, or -ESHUTDOWN.
 * Thread: any but main. */
int operations_call(struct operations *o, const struct operation *operation,
                    char **ret_answer, struct gw_error *err);

/* operations_fd - readable when an operation waits. */
int operations_fd(const struct operations *o);

/* operations_serve - @serve answers each waiting operation.  Thread: main. */
void operations_serve(struct operations *o,
                      int (*serve)(void *ctx, const struct operation *operation,
                                   char **ret_answer, struct gw_error *err),
                      void *ctx);

/* operations_begin - takes callers again after operations_end(). */
void operations_begin(struct operations *o);

/* operations_end - refuses new callers and answers those who wait. */
void operations_end(struct operations *o);

#endif
