#include "store/minutes.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_STEP = 512, BYTES_STEP = 32, NOWHERE = UINT32_MAX };

/* entry - bytes: those that the pen has used, with room for some more; they stay from one
 * hour to the next, so that the heap lies still.  has_bytes: else only its beginning. */
struct entry {
    uint32_t point;
    uint16_t room;
    bool has_bytes;
    uint8_t *bytes;
    struct tally tally;
};

/* minutes
 * places  by hash of the point, twice the room: the place in entries
 * order   of entries, by point; made by minutes_end() */
struct minutes {
    pthread_mutex_t lock;
    int64_t hour_ms;
    struct entry *entries;
    size_t count;
    size_t room;
    uint32_t *places;
    uint32_t *order;
    size_t ordered;
};

int minutes_new(struct minutes **ret)
{
    struct minutes *m = calloc(1, sizeof(*m));
    if (!m)
        return -ENOMEM;
    pthread_mutex_init(&m->lock, NULL);
    *ret = m;
    return 0;
}

struct minutes *minutes_free(struct minutes *m)
{
    if (!m)
        return NULL;
    for (size_t i = 0; i < m->count; i++)
        free(m->entries[i].bytes);
    pthread_mutex_destroy(&m->lock);
    free(m->entries);
    free(m->places);
    free(m->order);
    free(m);
    return NULL;
}

int64_t minutes_hour_ms(const struct minutes *m)
{
    return m->hour_ms;
}

/* --- by point --------------------------------------------------------------------- */

/* Where @point is, or would be. */
static size_t place_of(const uint32_t *places, size_t size, const struct entry *entries,
                       uint32_t point)
{
    size_t at = (size_t)point * 2654435761u % size;
    while (places[at] != NOWHERE && entries[places[at]].point != point)
        at = (at + 1) % size;
    return at;
}

static struct entry *find(const struct minutes *m, uint32_t point)
{
    if (m->room == 0)
        return NULL;
    uint32_t at = m->places[place_of(m->places, 2 * m->room, m->entries, point)];
    return at == NOWHERE ? NULL : &m->entries[at];
}

static int grow(struct minutes *m)
{
    size_t room = m->room + ROOM_STEP;
    struct entry *entries = calloc(room, sizeof(*entries));
    uint32_t *places = malloc(2 * room * sizeof(*places));
    if (!entries || !places) {
        free(entries);
        free(places);
        return -ENOMEM;
    }
    memset(places, 0xFF, 2 * room * sizeof(*places));
    if (m->entries)
        memcpy(entries, m->entries, m->count * sizeof(*entries));
    for (uint32_t i = 0; i < m->count; i++)
        places[place_of(places, 2 * room, entries, entries[i].point)] = i;
    struct entry *old_entries = m->entries;
    uint32_t *old_places = m->places;
    pthread_mutex_lock(&m->lock);
    m->entries = entries;
    m->places = places;
    m->room = room;
    pthread_mutex_unlock(&m->lock);
    free(old_entries);
    free(old_places);
    return 0;
}

static struct entry *find_or_add(struct minutes *m, uint32_t point)
{
    struct entry *found = find(m, point);
    if (found)
        return found;
    if (m->count == m->room && grow(m) < 0)
        return NULL;
    assert(m->entries);
    struct entry *entry = &m->entries[m->count];
    pthread_mutex_lock(&m->lock);
    *entry = (struct entry){.point = point};
    tally_begin(&entry->tally, m->hour_ms);
    m->places[place_of(m->places, 2 * m->room, m->entries, point)] = (uint32_t)m->count++;
    pthread_mutex_unlock(&m->lock);
    return entry;
}

/* --- its hour --------------------------------------------------------------------- */

void minutes_begin(struct minutes *m, int64_t hour_ms, bool goes_on)
{
    for (size_t i = 0; i < m->count; i++) {
        struct entry *entry = &m->entries[i];
        pthread_mutex_lock(&m->lock);
        entry->has_bytes = false;
        if (!goes_on)
            entry->tally = (struct tally){0};
        tally_begin(&entry->tally, hour_ms);
        m->hour_ms = hour_ms;
        pthread_mutex_unlock(&m->lock);
    }
    pthread_mutex_lock(&m->lock);
    m->hour_ms = hour_ms;
    pthread_mutex_unlock(&m->lock);
    m->ordered = 0;
}

static void load(const struct entry *entry, struct block *block)
{
    block_begin(block, TALLY_MINUTE_MS);
    block->pen = entry->tally.pen;
    if (entry->has_bytes)
        memcpy(block->bytes, entry->bytes, entry->tally.pen.used);
}

static int make_room(struct minutes *m, struct entry *entry, size_t used)
{
    size_t room = (used + BYTES_STEP - 1) / BYTES_STEP * BYTES_STEP;
    uint8_t *before = entry->bytes;
    uint8_t *bytes = malloc(room);
    if (!bytes)
        return -ENOMEM;
    if (entry->has_bytes)
        memcpy(bytes, before, entry->tally.pen.used);
    pthread_mutex_lock(&m->lock);
    entry->bytes = bytes;
    entry->room = (uint16_t)room;
    pthread_mutex_unlock(&m->lock);
    free(before);
    return 0;
}

/* The tally and its block as they are from now on. */
static int keep(struct minutes *m, struct entry *entry, const struct tally *tally,
                const struct block *block)
{
    int r = tally->pen.used > entry->room ? make_room(m, entry, tally->pen.used) : 0;
    if (r < 0)
        return r;
    pthread_mutex_lock(&m->lock);
    memcpy(entry->bytes, block->bytes, tally->pen.used);
    entry->has_bytes = true;
    entry->tally = *tally;
    pthread_mutex_unlock(&m->lock);
    return 0;
}

static void step(struct tally *tally, struct block *block, const struct tally_row *row)
{
    tally_advance(tally, block, row->time_ms);
    tally_add(tally, block, row);
}

/* Most rows change the running minute alone. */
static bool changes_block(const struct tally *t, const struct tally_row *row)
{
    return tally_ends_minute(t, row->time_ms)
           || (t->falls == 1 && row->is_good && row->value < t->value);
}

int minutes_row(struct minutes *m, uint32_t point, const struct tally_row *row)
{
    struct entry *entry = find_or_add(m, point);
    if (!entry)
        return -ENOMEM;
    struct tally tally = entry->tally;
    if (row->time_ms >= m->hour_ms && changes_block(&tally, row)) {
        struct block block;
        load(entry, &block);
        step(&tally, &block, row);
        return keep(m, entry, &tally, &block);
    }
    if (row->time_ms < m->hour_ms)
        tally_before(&tally, row);
    else
        step(&tally, NULL, row);
    pthread_mutex_lock(&m->lock);
    entry->tally = tally;
    pthread_mutex_unlock(&m->lock);
    return 0;
}

static int by_point(const void *a, const void *b, void *entries)
{
    const struct entry *x = (struct entry *)entries + *(const uint32_t *)a;
    const struct entry *y = (struct entry *)entries + *(const uint32_t *)b;
    return (x->point > y->point) - (x->point < y->point);
}

static int put_in_order(struct minutes *m)
{
    uint32_t *order = realloc(m->order, (m->count + 1) * sizeof(*order));
    if (!order)
        return -ENOMEM;
    for (uint32_t i = 0; i < m->count; i++)
        order[i] = i;
    qsort_r(order, m->count, sizeof(*order), by_point, m->entries);
    m->order = order;
    m->ordered = m->count;
    return 0;
}

int minutes_end(struct minutes *m)
{
    int r = 0;
    for (size_t i = 0; i < m->count && r == 0; i++) {
        struct block block;
        struct tally tally = m->entries[i].tally;
        load(&m->entries[i], &block);
        tally_advance(&tally, &block, m->hour_ms + TALLY_HOUR_MS);
        r = keep(m, &m->entries[i], &tally, &block);
    }
    return r == 0 ? put_in_order(m) : r;
}

bool minutes_block(struct minutes *m, size_t index, uint32_t *ret_point,
                   const void **ret_bytes, size_t *ret_size)
{
    if (index >= m->ordered)
        return false;
    const struct entry *entry = &m->entries[m->order[index]];
    *ret_point = entry->point;
    *ret_bytes = entry->bytes;
    *ret_size = entry->tally.pen.next > 0 ? entry->tally.pen.used : 0;
    return true;
}

bool minutes_peek(struct minutes *m, uint32_t point, int64_t time_ms,
                  int64_t *ret_hour_ms, struct block *ret)
{
    struct tally tally = {0};
    pthread_mutex_lock(&m->lock);
    const struct entry *entry = find(m, point);
    int64_t hour_ms = m->hour_ms;
    if (entry) {
        tally = entry->tally;
        load(entry, ret);
    }
    pthread_mutex_unlock(&m->lock);
    if (!entry)
        return false;
    int64_t end_ms = hour_ms + TALLY_HOUR_MS;
    time_ms = time_ms < tally.at_ms ? tally.at_ms : time_ms;
    tally_peek(tally, ret, time_ms < end_ms ? time_ms : end_ms);
    *ret_hour_ms = hour_ms;
    return ret->pen.next > 0;
}
