#include "uplink/inflight.h"

#include <errno.h>
#include <stdlib.h>

enum { PLACES = INFLIGHT_ORDINARY_MAX + INFLIGHT_ALARM_MAX };

/* mid 0: the broker has it.  seq 0: an empty place. */
struct row {
    struct inflight_key key;
    int priority;
    int mid;
    int64_t sent_us;
    int64_t wait_us;
    int64_t due_us;
};

/* Rows are packed at the front; their order says nothing.
 * ended  seqs of one inflight_end() */
struct inflight {
    struct row rows[PLACES];
    uint64_t ended[PLACES];
    size_t count;
    size_t alarms; /* of count */
    uint32_t open;
    uint32_t window;
    int64_t resend_us;
};

int inflight_new(uint32_t window, int64_t resend_us, struct inflight **ret)
{
    struct inflight *f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    f->window = window;
    f->resend_us = resend_us;
    *ret = f;
    return 0;
}

struct inflight *inflight_free(struct inflight *f)
{
    free(f);
    return NULL;
}

void inflight_set_window(struct inflight *f, uint32_t window)
{
    f->window = window;
}

static struct row *find(const struct inflight *f, const struct inflight_key *key)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct row *row = &f->rows[i];
        if (row->key.seq == key->seq && row->key.epoch == key->epoch)
            return (struct row *)row;
    }
    return NULL;
}

bool inflight_has_window(const struct inflight *f)
{
    return f->open < f->window;
}

bool inflight_has_place(const struct inflight *f, int priority)
{
    return priority == 0 ? f->alarms < INFLIGHT_ALARM_MAX
                         : f->count - f->alarms < INFLIGHT_ORDINARY_MAX;
}

bool inflight_holds(const struct inflight *f, const struct inflight_key *key)
{
    return find(f, key) != NULL;
}

static void double_wait(struct row *row)
{
    row->wait_us *= 2;
    if (row->wait_us > INFLIGHT_RESEND_MAX_US)
        row->wait_us = INFLIGHT_RESEND_MAX_US;
}

bool inflight_sent(struct inflight *f, const struct inflight_key *key, int priority,
                   int mid, int64_t now_us)
{
    struct row *row = find(f, key);
    bool is_again = row != NULL;
    if (row) {
        double_wait(row);
    } else {
        row = &f->rows[f->count++];
        *row = (struct row){.key = *key, .priority = priority, .wait_us = f->resend_us};
        f->alarms += priority == 0;
    }
    row->mid = mid;
    row->sent_us = now_us;
    row->due_us = now_us + row->wait_us;
    f->open++;
    return is_again;
}

bool inflight_puback(struct inflight *f, int mid, struct inflight_key *ret)
{
    for (size_t i = 0; i < f->count; i++) {
        struct row *row = &f->rows[i];
        if (row->mid != mid)
            continue;
        row->mid = 0;
        f->open--;
        *ret = row->key;
        return true;
    }
    return false;
}

bool inflight_find(const struct inflight *f,
                   bool (*is_it)(void *ctx, uint64_t epoch, uint64_t seq), void *ctx,
                   struct inflight_key *ret)
{
    size_t found = 0;
    for (size_t i = 0; i < f->count; i++) {
        const struct inflight_key key = f->rows[i].key;
        if (!is_it(ctx, key.epoch, key.seq))
            continue;
        *ret = key;
        found++;
    }
    return found == 1;
}

static void end_row(struct inflight *f, size_t i)
{
    f->alarms -= f->rows[i].priority == 0;
    f->open -= f->rows[i].mid != 0;
    f->rows[i] = f->rows[--f->count];
}

static int compare_seqs(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

size_t inflight_end(struct inflight *f, uint64_t epoch, uint64_t from, uint64_t to,
                    void (*each)(void *ctx, uint64_t epoch, uint64_t from, uint64_t to),
                    void *ctx)
{
    size_t count = 0;
    for (size_t i = f->count; i-- > 0;) {
        const struct inflight_key key = f->rows[i].key;
        if (key.epoch != epoch || key.seq < from || key.seq > to)
            continue;
        f->ended[count++] = key.seq;
        end_row(f, i);
    }
    if (!each)
        return count;
    qsort(f->ended, count, sizeof(f->ended[0]), compare_seqs);
    for (size_t first = 0, i = 1; i <= count; i++)
        if (i == count || f->ended[i] != f->ended[i - 1] + 1) {
            each(ctx, epoch, f->ended[first], f->ended[i - 1]);
            first = i;
        }
    return count;
}

void inflight_disconnected(struct inflight *f, int64_t now_us)
{
    for (size_t i = 0; i < f->count; i++) {
        struct row *row = &f->rows[i];
        if (row->mid == 0)
            continue;
        row->mid = 0;
        row->due_us = now_us;
    }
    f->open = 0;
}

void inflight_anew(struct inflight *f, int64_t now_us)
{
    for (size_t i = 0; i < f->count; i++) {
        f->rows[i].mid = 0;
        f->rows[i].wait_us = f->resend_us;
        f->rows[i].due_us = now_us;
    }
    f->open = 0;
}

void inflight_recall(struct inflight *f, uint64_t epoch, uint64_t from, uint64_t to,
                     int64_t now_us)
{
    for (size_t i = 0; i < f->count; i++) {
        struct row *row = &f->rows[i];
        if (row->mid != 0 || row->key.epoch != epoch || row->key.seq < from
            || row->key.seq > to)
            continue;
        row->wait_us = f->resend_us;
        row->due_us = now_us;
    }
}

void inflight_hasten(struct inflight *f, int64_t now_us)
{
    for (size_t i = 0; i < f->count; i++) {
        struct row *row = &f->rows[i];
        row->wait_us = f->resend_us;
        if (row->due_us > now_us + f->resend_us)
            row->due_us = now_us + f->resend_us;
    }
}

bool inflight_due(const struct inflight *f, int priority, int64_t now_us,
                  struct inflight_key *ret)
{
    const struct row *first = NULL;
    for (size_t i = 0; i < f->count; i++) {
        const struct row *row = &f->rows[i];
        if (row->mid != 0 || row->priority != priority || row->due_us > now_us)
            continue;
        if (!first || row->due_us < first->due_us
            || (row->due_us == first->due_us && row->key.seq < first->key.seq))
            first = row;
    }
    if (first)
        *ret = first->key;
    return first != NULL;
}

int64_t inflight_next_due(const struct inflight *f)
{
    int64_t next_us = INT64_MAX;
    for (size_t i = 0; i < f->count; i++)
        if (f->rows[i].mid == 0 && f->rows[i].due_us < next_us)
            next_us = f->rows[i].due_us;
    return next_us;
}

int64_t inflight_oldest_open(const struct inflight *f)
{
    int64_t oldest_us = INT64_MAX;
    for (size_t i = 0; i < f->count; i++)
        if (f->rows[i].mid != 0 && f->rows[i].sent_us < oldest_us)
            oldest_us = f->rows[i].sent_us;
    return oldest_us;
}

size_t inflight_count(const struct inflight *f)
{
    return f->count;
}
