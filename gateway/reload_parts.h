/* reload_parts.h - what reload.c and reload_apply.c share.  Not for others. */
#ifndef RELOAD_PARTS_H
#define RELOAD_PARTS_H

#include <pthread.h>

#include "change.h"
#include "reload.h"

/* asked      of one caller at a time, who waits for its answer while is_asked; a copy,
 * for at the end nobody waits until it is served step       main's part of the change in
 * work The rest of the first part is under the lock too. */
struct reload {
    struct app *app;
    struct worker *worker;
    int fd;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct http_reload asked;
    bool is_asked;
    char *answer;
    unsigned status;
    bool is_answered;
    bool is_hung_up;
    bool is_ending;
    struct change *step;
    bool is_stepped;
    int stepped;
    struct kept kept; /* the thread's own is app->kept: this is what the status tells */
    char folder[KEPT_PATH_MAX]; /* what runs */
    uint64_t applied;
    uint64_t refused;
    int64_t swap_us;
    int64_t longest_swap_us;
};

/* reload_swap - has main do @c's step and waits for it.  returns change_swap()'s answer,
 * or -ESHUTDOWN: main is stopping and does none */
int reload_swap(struct reload *r, struct change *c);

/* What the thread does, in reload_apply.c.
 * reload_up       main is up: what is tried has come up, what is confirmed is kept
 * reload_publish  the status tells what is kept now
 * reload_read     @c says whether its files may run
 * reload_apply    they run from now on: for good, or for @confirm_us without confirmation
 * reload_confirm  what is tried is for good
 * reload_go_back  its time is over */
void reload_up(struct reload *r);
void reload_publish(struct reload *r);
int reload_read(struct change *c, struct gw_error *err);
int reload_apply(struct reload *r, struct change *c, int64_t confirm_us,
                 struct gw_error *err);
int reload_confirm(struct reload *r, struct gw_error *err);
void reload_go_back(struct reload *r);

#endif
