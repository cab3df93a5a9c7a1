/* store_names.c - ids and deliveries by name: on main before the store's thread runs,
 * then by asking it. */
#include <errno.h>
#include <stdlib.h>

#include "gw/log.h"
#include "store/database.h"
#include "store/store_parts.h"

static int ask(struct store *s,
               int (*question)(struct committer *c, void *ctx, struct gw_error *err),
               void *ctx, struct gw_error *err)
{
    return s->writer ? writer_ask(s->writer, question, ctx, err)
                     : question(&s->committer, ctx, err);
}

/* names - a question for the ids of points, or of one bus. */
struct names {
    const char *const *names;
    size_t count;
    int64_t *ids;
    bool are_buses;
    bool is_running; /* else many calls share a transaction, see registry_commit() */
};

static int find_names(struct committer *c, void *ctx, struct gw_error *err)
{
    const struct names *n = ctx;
    int r = 0;
    for (size_t i = 0; r == 0 && i < n->count; i++)
        r = n->are_buses ? registry_bus(&c->registry, n->names[i], &n->ids[i], err)
                         : registry_point(&c->registry, n->names[i], &n->ids[i], err);
    if (r == 0 && n->is_running)
        r = registry_commit(&c->registry, err);
    if (r < 0 && n->is_running)
        database_rollback(c->db);
    return r;
}

int store_point_ids(struct store *s, const char *const *names, size_t count,
                    uint32_t *ret, struct gw_error *err)
{
    int away = 0;
    for (size_t i = 0; s->is_away && i < count && away == 0; i++)
        away = carry_point(s->carry, names[i], &ret[i]);
    if (s->is_away)
        return away < 0 ? gw_fail(err, away, "store: out of memory") : 0;
    int64_t *ids = calloc(count + 1, sizeof(*ids));
    if (!ids)
        return gw_fail(err, -ENOMEM, "store '%s': out of memory", s->path);
    struct names n = {
        .names = names, .count = count, .ids = ids, .is_running = s->writer != NULL};
    int r = count > 0 ? ask(s, find_names, &n, err) : 0;
    for (size_t i = 0; r == 0 && i < count; i++) {
        if (ids[i] >= UINT32_MAX)
            r = gw_fail(err, -EOVERFLOW, "store '%s': no id left for point '%s'", s->path,
                        names[i]);
        else
            ret[i] = (uint32_t)ids[i];
    }
    free(ids);
    return r;
}

int store_point_id(struct store *s, const char *name, uint32_t *ret, struct gw_error *err)
{
    return store_point_ids(s, &name, 1, ret, err);
}

int store_bus_id(struct store *s, const char *name, uint16_t *ret, struct gw_error *err)
{
    if (s->is_away) {
        int away = carry_bus(s->carry, name, ret);
        return away < 0 ? gw_fail(err, away, "store: no id for bus '%s'", name) : 0;
    }
    int64_t id = 0;
    struct names n = {.names = &name,
                      .count = 1,
                      .ids = &id,
                      .are_buses = true,
                      .is_running = s->writer != NULL};
    int r = ask(s, find_names, &n, err);
    if (r == 0 && id > UINT16_MAX)
        r = gw_fail(err, -EOVERFLOW, "store '%s': no id left for bus '%s'", s->path,
                    name);
    if (r == 0)
        *ret = (uint16_t)id;
    return r;
}

/* --- deliveries ------------------------------------------------------------------- */

/* lookup - a question for what is kept of one bus. */
struct lookup {
    uint16_t bus;
    struct arena *arena;
    struct gw_delivered delivered;
    struct gw_own_ids own_ids;
};

static int find_deliveries(struct committer *c, void *ctx, struct gw_error *err)
{
    struct lookup *l = ctx;
    int rc =
        deliveries_load(&c->deliveries, l->bus, l->arena, &l->delivered, &l->own_ids);
    return rc == SQLITE_OK ? 0 : database_fail(c->db, rc, "cannot read deliveries", err);
}

/* An empty arena for @bus in the place of the one it had; NULL = out of memory. */
static struct arena *arena_of(struct store *s, uint16_t bus)
{
    size_t i = 0;
    while (i < s->delivered_count && s->delivered[i].bus != bus)
        i++;
    if (i == s->delivered_count) {
        struct kept_deliveries *grown = reallocarray(s->delivered, i + 1, sizeof(*grown));
        if (!grown)
            return NULL;
        s->delivered = grown;
        s->delivered[s->delivered_count++] = (struct kept_deliveries){.bus = bus};
    }
    struct kept_deliveries *kept = &s->delivered[i];
    kept->arena = arena_free(kept->arena);
    return arena_new(&kept->arena) == 0 ? kept->arena : NULL;
}

bool store_delivered(struct store *s, uint16_t bus, struct gw_delivered *ret,
                     struct gw_own_ids *ret_ids)
{
    *ret = (struct gw_delivered){.next = s->is_away ? CARRY_TICKET + 1 : 1};
    *ret_ids = (struct gw_own_ids){0};
    if (s->is_away)
        return false;
    struct gw_error err = {0};
    struct lookup l = {.bus = bus, .arena = arena_of(s, bus), .delivered = *ret};
    int r = l.arena ? ask(s, find_deliveries, &l, &err)
                    : gw_fail(&err, -ENOMEM, "store '%s': out of memory", s->path);
    if (r < 0)
        gw_log(GW_LOG_ERROR, (struct gw_subject){"STORE", s->path},
               "what bus %u delivered last is not known (%s); a redelivery may count "
               "twice",
               bus, err.text);
    *ret = l.delivered;
    *ret_ids = l.own_ids;
    return true;
}

void store_names_done(struct store *s)
{
    for (size_t i = 0; i < s->delivered_count; i++)
        arena_free(s->delivered[i].arena);
    free(s->delivered);
}
