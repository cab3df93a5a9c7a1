/* posts.h - gatehouses: who is there, by presence and by key. */
#ifndef POSTS_H
#define POSTS_H

#include "defense.h"

/* post_row - an entry of "posts": what differs from a gatehouse with a sensor. */
struct post_row {
    const char *place;
    struct gw_strings gates;
    int64_t key_us;
    bool needs_key;
};
extern const struct gw_option post_options[];

enum { POST_INPUTS_MAX = 8, POST_GATES_MAX = 8 };

/* post
 * is_gate      it attends itself
 * key_us       when the key was pressed last, GW_TIME_NONE = never
 * value        as of post_value(), when it was told */
struct post {
    const char *place;
    struct post_row row;
    const struct signal *inputs[POST_INPUTS_MAX];
    const struct signal *keys[POST_INPUTS_MAX];
    size_t input_count;
    size_t key_count;
    int64_t key_us;
    bool is_gate;
    double value;
    struct derived manned;
    struct derived attended[POST_GATES_MAX];
};

/* post_value - 1 manned, 0 not, NAN unknown. */
double post_value(const struct post *p, int64_t time_us);

#endif
