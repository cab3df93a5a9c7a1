/* diff_fixture.h - two folders that differ in one file, and what is said of it. */
#ifndef DIFF_FIXTURE_H
#define DIFF_FIXTURE_H

#include "config/diff.h"
#include "config_fixture.h"

struct pair {
    struct fixture a;
    struct fixture b;
    struct config_diff *diff;
};

/* pair_put - @file in the one and in the other; NULL leaves it as it is. */
static inline void pair_put(const struct pair *p, const char *file, const char *before,
                            const char *after)
{
    if (before)
        fixture_put(&p->a, file, before);
    if (after)
        fixture_put(&p->b, file, after);
}

/* pair_open - the minimal folder, twice. */
static inline void pair_open(struct pair *p)
{
    fixture_open(&p->a);
    fixture_open(&p->b);
}

static inline void pair_compare(struct pair *p)
{
    fixture_load(&p->a);
    fixture_load(&p->b);
    if (config_faults_errors(p->a.faults) + config_faults_errors(p->b.faults) > 0)
        fail_msg("%s%s", fixture_faults(&p->a), fixture_faults(&p->b));
    assert_int_equal(config_diff_new(p->a.config, p->b.config, &p->diff), 0);
}

static inline void pair_close(struct pair *p)
{
    config_diff_free(p->diff);
    fixture_close(&p->a);
    fixture_close(&p->b);
}

/* pair_shown - "bus rs485-1 changed baud: 9600 -> 19200; …", one line a row. */
static inline const char *pair_shown(const struct pair *p)
{
    static char text[4096];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < p->diff->count; i++) {
        const struct diff_row *row = &p->diff->rows[i];
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %s %s",
                                 diff_kind_name(row->kind), row->name,
                                 diff_what_name(row->what));
        for (size_t k = 0; k < row->key_count; k++)
            used += (size_t)snprintf(text + used, sizeof(text) - used, " %s: %s -> %s",
                                     row->keys[k].key, row->keys[k].before,
                                     row->keys[k].after);
        used += (size_t)snprintf(text + used, sizeof(text) - used, "\n");
    }
    return text;
}

#endif
