#include "store/carry.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "store/earlier.h"

/* An owner and a key, as one text. */
enum { STATE_NAME_MAX = 256 };

/* names - id i + 1 is items[i], which stays for life; ids: the way back.
 * lock  of items and count, a leaf: main adds while the one that tries to open reads */
struct names {
    pthread_mutex_t lock;
    char **items;
    size_t count;
    size_t room;
    struct text_map *ids;
};

/* kept - the last bytes of a state; NULL bytes: removed. */
struct kept {
    char *owner;
    char *key;
    void *bytes;
    size_t size;
};

struct carry {
    struct names points;
    struct names buses;
    struct names states; /* "owner key", in step with kept */
    struct kept *kept;
    size_t kept_room;
    size_t kept_bytes;
    uint64_t alarm_uid;
    size_t deliveries;   /* in it */
    struct batch *batch; /* everything but states */
};

static int names_new(struct names *n)
{
    (void)pthread_mutex_init(&n->lock, NULL);
    return text_map_new(0, &n->ids);
}

static void names_done(struct names *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->items[i]);
    free(n->items);
    text_map_free(n->ids);
    (void)pthread_mutex_destroy(&n->lock);
}

/* Owner: @n takes @name.  0 or -ENOMEM */
static int names_append(struct names *n, char *name)
{
    int r = 0;
    (void)pthread_mutex_lock(&n->lock);
    if (n->count == n->room) {
        size_t room = n->room ? 2 * n->room : 64;
        char **items = realloc(n->items, room * sizeof(*items));
        if (items) {
            n->items = items;
            n->room = room;
        } else {
            r = -ENOMEM;
        }
    }
    if (r == 0)
        n->items[n->count++] = name;
    (void)pthread_mutex_unlock(&n->lock);
    return r;
}

/* *ret: the id of @name, a new one when there is none. */
static int names_id(struct names *n, const char *name, uint32_t *ret)
{
    uint32_t known = text_map_get(n->ids, name);
    if (known != UINT32_MAX) {
        *ret = known;
        return 0;
    }
    char *copy = strdup(name);
    if (!copy || names_append(n, copy) < 0) {
        free(copy);
        return -ENOMEM;
    }
    *ret = (uint32_t)n->count;
    return text_map_put(n->ids, copy, *ret);
}

/* The names so far; their texts live as long as @n.  Owner of *ret: caller; free() */
static int names_copy(struct names *n, const char ***ret, size_t *ret_count)
{
    (void)pthread_mutex_lock(&n->lock);
    *ret_count = n->count;
    *ret = calloc(n->count + 1, sizeof(**ret));
    for (size_t i = 0; *ret && i < n->count; i++)
        (*ret)[i] = n->items[i];
    (void)pthread_mutex_unlock(&n->lock);
    return *ret ? 0 : -ENOMEM;
}

int carry_new(struct carry **ret)
{
    struct carry *c = calloc(1, sizeof(*c));
    if (!c)
        return -ENOMEM;
    if (names_new(&c->points) < 0 || names_new(&c->buses) < 0 || names_new(&c->states) < 0
        || batch_new(&c->batch) < 0) {
        carry_free(c);
        return -ENOMEM;
    }
    *ret = c;
    return 0;
}

struct carry *carry_free(struct carry *c)
{
    if (!c)
        return NULL;
    for (size_t i = 0; i < c->states.count; i++) {
        free(c->kept[i].owner);
        free(c->kept[i].key);
        free(c->kept[i].bytes);
    }
    free(c->kept);
    names_done(&c->points);
    names_done(&c->buses);
    names_done(&c->states);
    batch_free(c->batch);
    free(c);
    return NULL;
}

int carry_point(struct carry *c, const char *name, uint32_t *ret)
{
    return names_id(&c->points, name, ret);
}

int carry_bus(struct carry *c, const char *name, uint16_t *ret)
{
    uint32_t id = 0;
    int r = names_id(&c->buses, name, &id);
    if (r == 0 && id > UINT16_MAX)
        r = -EOVERFLOW;
    if (r == 0)
        *ret = (uint16_t)id;
    return r;
}

static int write_names(struct names *n, struct registry *registry,
                       int (*write)(struct registry *registry, const char *name,
                                    int64_t *ret, struct gw_error *err),
                       struct gw_error *err)
{
    const char **names = NULL;
    size_t count = 0;
    int64_t id = 0;
    int r = names_copy(n, &names, &count);
    if (r < 0)
        return gw_fail(err, r, "store: out of memory");
    for (size_t i = 0; i < count && r == 0; i++)
        r = write(registry, names[i], &id, err);
    free(names);
    return r;
}

int carry_write_names(struct carry *c, struct registry *registry, struct gw_error *err)
{
    int r = write_names(&c->points, registry, registry_point, err);
    return r == 0 ? write_names(&c->buses, registry, registry_bus, err) : r;
}

/* --- what happens -------------------------------------------------------- */

static void name_state(const char *owner, const char *key, char ret[STATE_NAME_MAX])
{
    (void)snprintf(ret, STATE_NAME_MAX, "%s %s", owner, key); /* ids: shorter */
}

static struct kept *find_kept(struct carry *c, const struct gw_state *state)
{
    char name[STATE_NAME_MAX];
    uint32_t id = 0;
    name_state(state->owner, state->key, name);
    if (c->states.count == c->kept_room) {
        size_t room = c->kept_room ? 2 * c->kept_room : 64;
        struct kept *kept = realloc(c->kept, room * sizeof(*kept));
        if (!kept)
            return NULL;
        c->kept = kept;
        c->kept_room = room;
    }
    size_t before = c->states.count;
    if (names_id(&c->states, name, &id) < 0)
        return NULL;
    struct kept *kept = &c->kept[id - 1];
    if (c->states.count > before)
        *kept = (struct kept){.owner = strdup(state->owner), .key = strdup(state->key)};
    return kept->owner && kept->key ? kept : NULL;
}

static int keep_state(struct carry *c, const struct gw_state *state)
{
    struct kept *kept = find_kept(c, state);
    void *bytes = kept && state->bytes ? malloc(state->size + 1) : NULL;
    if (!kept || (state->bytes && !bytes))
        return -ENOMEM;
    if (bytes)
        memcpy(bytes, state->bytes, state->size);
    c->kept_bytes += state->size - kept->size;
    free(kept->bytes);
    kept->bytes = bytes;
    kept->size = state->size;
    return 0;
}

enum carry_class carry_class_of(const struct gw_record *record)
{
    switch (record->kind) {
    case GW_RECORD_SUMMARY:
    case GW_RECORD_FACT:
    case GW_RECORD_MONTH_END:
        return CARRY_EVIDENCE;
    case GW_RECORD_TRANSITION:
    case GW_RECORD_CLOCK:
        return CARRY_TRANSITIONS;
    case GW_RECORD_READING:
    case GW_RECORD_RECALL: /* of no store: never carried */
    case GW_RECORD_UNAVAILABLE:
    case GW_RECORD_TIME_CORRECTION:
    case GW_RECORD_STATE:
    case GW_RECORD_DELIVERY:
    case GW_RECORD_COMMIT:
    default:
        return CARRY_READINGS;
    }
}

int carry_add(struct carry *c, const struct gw_record *record)
{
    if (record->kind == GW_RECORD_STATE)
        return keep_state(c, &record->state);
    enum carry_class class = carry_class_of(record);
    if (record->kind == GW_RECORD_TRANSITION && record->transition.uid > c->alarm_uid)
        c->alarm_uid = record->transition.uid;
    if (class != CARRY_READINGS && !carry_has_room(c, class))
        return -ENOBUFS;
    int r = batch_add(c->batch, record);
    if (r == 0 && record->kind == GW_RECORD_DELIVERY)
        c->deliveries++;
    return r;
}

bool carry_has_room(const struct carry *c, enum carry_class class)
{
    size_t times = (size_t)1 << class;
    return carry_rows(c) < times * CARRY_ROWS_MAX
           && batch_bytes(c->batch) + c->kept_bytes < times * CARRY_BYTES_MAX;
}

size_t carry_rows(const struct carry *c)
{
    return batch_rows(c->batch) + c->states.count;
}

uint64_t carry_alarm_uid(const struct carry *c)
{
    return c->alarm_uid;
}

void carry_each_state(const struct carry *c,
                      void (*each)(void *ctx, const struct gw_state *state), void *ctx)
{
    for (size_t i = 0; i < c->states.count; i++) {
        const struct kept *kept = &c->kept[i];
        struct gw_state state = {.owner = kept->owner,
                                 .key = kept->key,
                                 .bytes = kept->bytes,
                                 .size = kept->size};
        each(ctx, &state);
    }
}

bool carry_has_state(const struct carry *c, const char *owner, const char *key)
{
    char name[STATE_NAME_MAX];
    name_state(owner, key, name);
    return text_map_get(c->states.ids, name) != UINT32_MAX;
}

/* --- into the store -------------------------------------------------------- */

/* carrying
 * nexts     the ticket that comes next on the disk, by bus
 * is_again  of each message in turn: the disk has it
 * message   that comes next */
struct carrying {
    uint32_t *points;
    uint16_t *buses;
    uint64_t *nexts;
    struct earlier *earlier;
    bool *is_again;
    size_t message;
    uint64_t alarm_uid;
    struct batch *batch;
};

static int carrying_init(struct carrying *to, const struct carry *c)
{
    to->points = calloc(c->points.count + 1, sizeof(*to->points));
    to->buses = calloc(c->buses.count + 1, sizeof(*to->buses));
    to->nexts = calloc(c->buses.count + 1, sizeof(*to->nexts));
    to->is_again = calloc(c->deliveries + 1, sizeof(*to->is_again));
    if (!to->points || !to->buses || !to->nexts || !to->is_again)
        return -ENOMEM;
    return earlier_new(c->buses.count, &to->earlier);
}

static void carrying_done(struct carrying *to)
{
    free(to->points);
    free(to->buses);
    free(to->nexts);
    free(to->is_again);
    earlier_free(to->earlier);
}

static int judge_message(void *ctx, const struct gw_record *record)
{
    struct carrying *to = ctx;
    const struct gw_delivery *d = &record->delivery;
    if (record->kind == GW_RECORD_DELIVERY)
        to->is_again[to->message++] = earlier_had(to->earlier, d->bus - 1u, d);
    return 0;
}

/* Which messages the disk has, before the first of their readings comes by. */
static size_t judge_messages(struct carrying *to, const struct batch *b)
{
    size_t again = 0;
    (void)batch_each(b, judge_message, to);
    for (size_t i = 0; i < to->message; i++)
        again += to->is_again[i];
    to->message = 0;
    return again;
}

/* The ticket of before is the disk's last one. */
static void translate_delivery(struct carrying *to, struct gw_delivery *d)
{
    size_t bus = d->bus - 1u;
    uint64_t behind = to->nexts[bus] - (CARRY_TICKET + 1);
    d->bus = to->buses[bus];
    d->ticket += behind;
    if (d->forget >= CARRY_TICKET)
        d->forget += behind;
}

static bool is_of_known_message(const struct carrying *to,
                                const struct gw_reading *reading)
{
    return (reading->flags & GW_MAYBE_AGAIN) && to->is_again[to->message];
}

static int add_translated(void *ctx, const struct gw_record *record)
{
    struct carrying *to = ctx;
    struct gw_record own = *record;
    if (own.kind == GW_RECORD_READING && is_of_known_message(to, &own.reading))
        return 0;
    if (own.kind == GW_RECORD_DELIVERY)
        own.delivery.is_again |= to->is_again[to->message++] && !own.delivery.message_id;
    if (own.kind == GW_RECORD_READING)
        own.reading.point = to->points[own.reading.point - 1];
    else if (own.kind == GW_RECORD_DELIVERY || own.kind == GW_RECORD_COMMIT)
        translate_delivery(to, &own.delivery);
    else if (own.kind == GW_RECORD_TRANSITION)
        own.transition.uid = gw_alarm_uid(own.transition.uid, to->alarm_uid);
    return batch_add(to->batch, &own);
}

static int find_ids(const struct carry *c, const struct carry_ops *ops,
                    struct carrying *to, struct gw_error *err)
{
    int r = 0;
    for (size_t i = 0; i < c->points.count && r == 0; i++)
        r = ops->point(ops->ctx, c->points.items[i], &to->points[i], err);
    for (size_t i = 0; i < c->buses.count && r == 0; i++) {
        struct gw_delivered delivered = {.next = 1};
        struct gw_own_ids own_ids = {0};
        r = ops->bus(ops->ctx, c->buses.items[i], &to->buses[i], &delivered, &own_ids,
                     err);
        to->nexts[i] = delivered.next;
        if (r == 0)
            r = earlier_add(to->earlier, i, &delivered, &own_ids);
    }
    return r;
}

static int add_states(const struct carry *c, struct batch *b)
{
    int r = 0;
    for (size_t i = 0; i < c->states.count && r == 0; i++) {
        const struct kept *kept = &c->kept[i];
        r = batch_add(b, &(struct gw_record){.kind = GW_RECORD_STATE,
                                             .state = {.owner = kept->owner,
                                                       .key = kept->key,
                                                       .bytes = kept->bytes,
                                                       .size = kept->size}});
    }
    return r;
}

int carry_into(struct carry *c, const struct carry_ops *ops, struct batch *b,
               size_t *ret_again, struct gw_error *err)
{
    struct carrying to = {.alarm_uid = ops->alarm_uid, .batch = b};
    int r = carrying_init(&to, c);
    if (r == 0)
        r = find_ids(c, ops, &to, err);
    if (r == 0)
        *ret_again = judge_messages(&to, c->batch);
    if (r == 0)
        r = batch_each(c->batch, add_translated, &to);
    if (r == 0)
        r = add_states(c, b);
    carrying_done(&to);
    return r == -ENOMEM ? gw_fail(err, r, "store: out of memory") : r;
}
