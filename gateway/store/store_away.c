/* store_away.c - a store that cannot be opened yet, and the one that comes. */
#include <errno.h>

#include "gw/log.h"
#include "store/database.h"
#include "store/store_parts.h"

int store_leave(struct store *s, const struct gw_error *why, struct gw_error *err)
{
    struct batch *open = NULL;
    if (batch_new(&open) < 0 || (!s->carry && carry_new(&s->carry) < 0)) {
        batch_free(open);
        return gw_fail(err, -ENOMEM, "store: out of memory");
    }
    batch_free(s->open); /* in ids that nobody will know */
    s->open = open;
    if (s->committer.db)
        database_rollback(s->committer.db);
    committer_close(&s->committer);
    registry_forget(&s->committer.registry);
    s->away = *why;
    s->is_away = true;
    return 0;
}

bool store_is_away(const struct store *s)
{
    return s->is_away;
}

bool store_can_open(const struct store *s)
{
    return s->opener && opener_is_done(s->opener);
}

bool store_try_last(struct store *s)
{
    struct gw_error err = {0};
    if (!s->is_away || carry_rows(s->carry) == 0)
        return false;
    s->opener = opener_stop(s->opener);
    return s->committer.db || store_try_open(s, &err) == 0;
}

uint64_t store_carried_alarm_uid(const struct store *s)
{
    return s->carry ? carry_alarm_uid(s->carry) : 0;
}

void store_come(struct store *s)
{
    s->opener = opener_stop(s->opener);
    s->is_away = false;
}

static int ask_point(void *ctx, const char *name, uint32_t *ret, struct gw_error *err)
{
    return store_point_id(ctx, name, ret, err);
}

static int ask_bus(void *ctx, const char *name, uint16_t *ret,
                   struct gw_delivered *ret_delivered, struct gw_own_ids *ret_ids,
                   struct gw_error *err)
{
    int r = store_bus_id(ctx, name, ret, err);
    if (r == 0)
        (void)store_delivered(ctx, *ret, ret_delivered, ret_ids);
    return r;
}

/* Opens, and writes what the school's names need: where this works the rest will. */
int store_try_open(void *store, struct gw_error *err)
{
    struct store *s = store;
    int r = store_open_file(s, err);
    if (r == 0)
        r = carry_write_names(s->carry, &s->committer.registry, err);
    if (r == 0)
        r = registry_commit(&s->committer.registry, err);
    if (r < 0 && s->committer.db) {
        database_rollback(s->committer.db);
        committer_close(&s->committer);
    }
    return r;
}

/* What happened meanwhile comes before what was added since. */
int store_bring_in(struct store *s, struct gw_error *err)
{
    const struct carry_ops ops = {.ctx = s,
                                  .point = ask_point,
                                  .bus = ask_bus,
                                  .alarm_uid = s->committer.progress.alarm_uid};
    struct batch *all = NULL;
    size_t again = 0;
    if (batch_new(&all) < 0)
        return gw_fail(err, -ENOMEM, "store: out of memory");
    int r = carry_into(s->carry, &ops, all, &again, err);
    if (r == 0)
        r = batch_append(all, s->open);
    if (r < 0) {
        batch_free(all);
        return r;
    }
    batch_free(s->open);
    s->open = all;
    if (again > 0)
        gw_log(GW_LOG_NOTICE, (struct gw_subject){"STORE", s->path},
               "%zu messages came again while it was away: it has them already", again);
    return 0;
}

/* What finds no memory is counted, and told once for each class. */
int store_keep(struct store *s, const struct gw_record *record)
{
    static const char *const names[CARRY_CLASSES] = {"readings", "summaries and facts",
                                                     "transitions of alarms"};
    int r = carry_add(s->carry, record);
    if (r != -ENOBUFS)
        return r;
    enum carry_class class = carry_class_of(record);
    if (s->given_up[class]++ == 0)
        gw_log(
            GW_LOG_ERROR, (struct gw_subject){"STORE", s->path},
            "away for so long that %s are given up from now on; the status counts them",
            names[class]);
    return 0;
}

/* telling - states of the disk, but for those that were kept anew while it was away. */
struct telling {
    const struct carry *carry;
    void (*each)(void *ctx, const struct gw_state *state);
    void *ctx;
};

static void tell_older(void *ctx, const struct gw_state *state)
{
    const struct telling *t = ctx;
    if (!t->carry || !carry_has_state(t->carry, state->owner, state->key))
        t->each(t->ctx, state);
}

static void tell_newer(void *ctx, const struct gw_state *state)
{
    const struct telling *t = ctx;
    if (state->bytes)
        t->each(t->ctx, state);
}

int store_each_state(struct store *s,
                     void (*each)(void *ctx, const struct gw_state *state), void *ctx,
                     struct gw_error *err)
{
    struct telling t = {.carry = s->carry, .each = each, .ctx = ctx};
    int r = 0;
    if (!s->is_away)
        r = registry_each_state(&s->committer.registry, tell_older, &t, err);
    if (r == 0 && s->carry)
        carry_each_state(s->carry, tell_newer, &t);
    return r;
}
