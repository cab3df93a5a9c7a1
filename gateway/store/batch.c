#include "store/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"

/* One record; body is the union's member of its kind only, as a reading is ten times
 * smaller than a transition. */
struct entry {
    struct entry *next;
    enum gw_record_kind kind;
    uint32_t flags;
    void *body;
};

/* The highest ticket of one bus. */
struct ticket {
    struct ticket *next;
    uint16_t bus;
    uint64_t ticket;
};

struct batch {
    struct batch *next;
    struct arena *arena;
    struct entry *first;
    struct entry *last;
    struct ticket *tickets;
    size_t rows;
    int64_t opened_us;
    bool is_urgent;
    bool has_alarm;
};

#define MEMBER(name)                                                            \
    {                                                                           \
        offsetof(struct gw_record, name), sizeof(((struct gw_record *)0)->name) \
    }

static const struct {
    size_t offset;
    size_t size;
} members[] = {
    [GW_RECORD_READING] = MEMBER(reading),
    [GW_RECORD_TRANSITION] = MEMBER(transition),
    [GW_RECORD_SUMMARY] = MEMBER(summary),
    [GW_RECORD_FACT] = MEMBER(fact),
    [GW_RECORD_STATE] = MEMBER(state),
    [GW_RECORD_DELIVERY] = MEMBER(delivery),
    [GW_RECORD_COMMIT] = MEMBER(delivery),
    [GW_RECORD_CLOCK] = MEMBER(clock),
    [GW_RECORD_TIME_CORRECTION] = MEMBER(correction),
    [GW_RECORD_RECALL] = MEMBER(recall),
    [GW_RECORD_UNAVAILABLE] = MEMBER(recall),
    [GW_RECORD_MONTH_END] = MEMBER(month_end),
};

int batch_new(struct batch **ret)
{
    struct batch *b = calloc(1, sizeof(*b));
    if (!b)
        return -ENOMEM;
    if (arena_new(&b->arena) < 0) {
        batch_free(b);
        return -ENOMEM;
    }
    *ret = b;
    return 0;
}

struct batch *batch_free(struct batch *b)
{
    if (!b)
        return NULL;
    arena_free(b->arena);
    free(b);
    return NULL;
}

/* Copies *@text in place; NULL stays NULL. */
static bool keep_text(struct arena *a, const char **text)
{
    if (!*text)
        return true;
    *text = arena_string(a, *text);
    return *text;
}

static bool keep_summary(struct arena *a, struct gw_summary *summary)
{
    summary->items =
        arena_copy(a, summary->items, summary->count * sizeof(*summary->items));
    return summary->items;
}

static bool keep_fact(struct arena *a, struct gw_fact *fact)
{
    struct gw_fact_value *values =
        arena_copy(a, fact->values, fact->count * sizeof(*values));
    bool is_kept = values && keep_text(a, &fact->kind) && keep_text(a, &fact->rule)
                   && keep_text(a, &fact->object);
    for (size_t i = 0; i < fact->count && is_kept; i++)
        is_kept = keep_text(a, &values[i].name) && keep_text(a, &values[i].text);
    fact->values = values;
    return is_kept;
}

static bool keep_state(struct arena *a, struct gw_state *state)
{
    bool is_kept = keep_text(a, &state->owner) && keep_text(a, &state->key);
    if (is_kept && state->bytes) {
        state->bytes = arena_copy(a, state->bytes, state->size);
        is_kept = state->bytes;
    }
    return is_kept;
}

static bool keep_recall(struct arena *a, struct gw_recall *recall)
{
    recall->ranges =
        arena_copy(a, recall->ranges, recall->count * sizeof(*recall->ranges));
    return recall->ranges;
}

static bool keep_pointers(struct arena *a, enum gw_record_kind kind, void *body)
{
    switch (kind) {
    case GW_RECORD_SUMMARY:
        return keep_summary(a, body);
    case GW_RECORD_FACT:
        return keep_fact(a, body);
    case GW_RECORD_STATE:
        return keep_state(a, body);
    case GW_RECORD_RECALL:
    case GW_RECORD_UNAVAILABLE:
        return keep_recall(a, body);
    case GW_RECORD_READING:
    case GW_RECORD_TRANSITION:
    case GW_RECORD_CLOCK:
    case GW_RECORD_TIME_CORRECTION: /* never in a batch */
    case GW_RECORD_MONTH_END:
    case GW_RECORD_DELIVERY:
    case GW_RECORD_COMMIT:
    default:
        return true;
    }
}

static bool keep_ticket(struct batch *b, const struct gw_delivery *delivery)
{
    struct ticket *t = b->tickets;
    while (t && t->bus != delivery->bus)
        t = t->next;
    if (!t) {
        t = arena_alloc(b->arena, sizeof(*t));
        if (!t)
            return false;
        *t = (struct ticket){.next = b->tickets, .bus = delivery->bus};
        b->tickets = t;
    }
    if (delivery->ticket > t->ticket)
        t->ticket = delivery->ticket;
    return true;
}

int batch_add(struct batch *b, const struct gw_record *record)
{
    const char *member = (const char *)record + members[record->kind].offset;
    struct entry *entry = arena_alloc(b->arena, sizeof(*entry));
    void *body = arena_copy(b->arena, member, members[record->kind].size);
    if (!entry || !body || !keep_pointers(b->arena, record->kind, body))
        return -ENOMEM;
    if (record->kind == GW_RECORD_DELIVERY && !keep_ticket(b, &record->delivery))
        return -ENOMEM;
    *entry = (struct entry){.kind = record->kind, .flags = record->flags, .body = body};
    if (b->last)
        b->last->next = entry;
    else {
        b->first = entry;
        b->opened_us = clock_machine_us();
    }
    b->last = entry;
    if (record->kind == GW_RECORD_TRANSITION || record->kind == GW_RECORD_COMMIT)
        b->is_urgent = true;
    b->has_alarm = b->has_alarm || record->kind == GW_RECORD_TRANSITION;
    if (record->kind != GW_RECORD_DELIVERY && record->kind != GW_RECORD_COMMIT)
        b->rows++;
    return 0;
}

int batch_each(const struct batch *b,
               int (*write)(void *ctx, const struct gw_record *record), void *ctx)
{
    int r = 0;
    for (const struct entry *entry = b->first; entry && r == 0; entry = entry->next) {
        struct gw_record record = {.kind = entry->kind, .flags = entry->flags};
        memcpy((char *)&record + members[entry->kind].offset, entry->body,
               members[entry->kind].size);
        r = write(ctx, &record);
    }
    return r;
}

static int append_one(void *ctx, const struct gw_record *record)
{
    return batch_add(ctx, record);
}

int batch_append(struct batch *b, const struct batch *from)
{
    return batch_each(from, append_one, b);
}

void batch_each_ticket(const struct batch *b,
                       void (*each)(void *ctx, uint16_t bus, uint64_t ticket), void *ctx)
{
    for (const struct ticket *t = b->tickets; t; t = t->next)
        each(ctx, t->bus, t->ticket);
}

void batch_urge(struct batch *b)
{
    b->is_urgent = true;
}

size_t batch_rows(const struct batch *b)
{
    return b->rows;
}

size_t batch_bytes(const struct batch *b)
{
    return arena_used(b->arena);
}

bool batch_is_empty(const struct batch *b)
{
    return !b->first;
}

bool batch_is_urgent(const struct batch *b)
{
    return b->is_urgent;
}

bool batch_has_alarm(const struct batch *b)
{
    return b->has_alarm;
}

int64_t batch_opened_us(const struct batch *b)
{
    return b->opened_us;
}

const struct batch *batch_next(const struct batch *b)
{
    return b->next;
}

void batch_list_add(struct batch_list *list, struct batch *b)
{
    if (list->last)
        list->last->next = b;
    else
        list->first = b;
    list->last = b;
}

void batch_list_move(struct batch_list *from, struct batch_list *to)
{
    if (!from->first)
        return;
    batch_list_add(to, from->first);
    to->last = from->last;
    *from = (struct batch_list){0};
}

void batch_list_free(struct batch_list *list)
{
    for (struct batch *b = list->first; b;) {
        struct batch *next = b->next;
        batch_free(b);
        b = next;
    }
    *list = (struct batch_list){0};
}

int batch_list_each(const struct batch_list *list,
                    int (*write)(void *ctx, const struct gw_record *record), void *ctx)
{
    int r = 0;
    for (const struct batch *b = list->first; b && r == 0; b = b->next)
        r = batch_each(b, write, ctx);
    return r;
}
