#include "notify/notify_queue.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* @payload of an alarm; NULL: the row is of a value. */
struct notify_row {
    char *topic;
    char *payload;
    struct gw_reading reading;
    bool is_waiting;
    bool is_hushed;
};

struct notify_transition {
    uint32_t row;
    char *payload;
};

struct notify_queue {
    pthread_mutex_t lock;
    struct text_map *topics; /* main only */
    struct notify_row *rows;
    size_t count;
    size_t room;
    uint32_t *waiting; /* a ring of rows, as long as there are rows */
    size_t first_waiting;
    size_t waiting_count;
    struct notify_transition alarms[NOTIFY_ALARMS]; /* a ring */
    size_t first_alarm;
    size_t alarm_count;
};

int notify_queue_new(struct notify_queue **ret)
{
    struct notify_queue *q = calloc(1, sizeof(*q));
    if (!q)
        return -ENOMEM;
    pthread_mutex_init(&q->lock, NULL);
    if (text_map_new(64, &q->topics) < 0) {
        notify_queue_free(q);
        return -ENOMEM;
    }
    *ret = q;
    return 0;
}

struct notify_queue *notify_queue_free(struct notify_queue *q)
{
    if (!q)
        return NULL;
    for (size_t i = 0; i < q->alarm_count; i++)
        free(q->alarms[(q->first_alarm + i) % NOTIFY_ALARMS].payload);
    for (size_t i = 0; i < q->count; i++) {
        free(q->rows[i].topic);
        free(q->rows[i].payload);
    }
    text_map_free(q->topics);
    pthread_mutex_destroy(&q->lock);
    free(q->rows);
    free(q->waiting);
    free(q);
    return NULL;
}

/* Only main adds rows, so it may look without the lock; nothing is allocated under it. */
static int grow(struct notify_queue *q)
{
    size_t room = q->room ? 2 * q->room : 64;
    struct notify_row *rows = calloc(room, sizeof(*rows));
    uint32_t *waiting = calloc(room, sizeof(*waiting));
    if (!rows || !waiting) {
        free(rows);
        free(waiting);
        return -ENOMEM;
    }
    pthread_mutex_lock(&q->lock);
    struct notify_row *old_rows = q->rows;
    uint32_t *old_waiting = q->waiting;
    if (q->count)
        memcpy(rows, q->rows, q->count * sizeof(*rows));
    for (size_t i = 0; i < q->waiting_count; i++)
        waiting[i] = q->waiting[(q->first_waiting + i) % q->room];
    q->first_waiting = 0;
    q->rows = rows;
    q->waiting = waiting;
    q->room = room;
    pthread_mutex_unlock(&q->lock);
    free(old_rows);
    free(old_waiting);
    return 0;
}

static int row_of(struct notify_queue *q, const char *topic, uint32_t *ret)
{
    uint32_t row = text_map_get(q->topics, topic);
    if (row != UINT32_MAX) {
        *ret = row;
        return 0;
    }
    if (q->count == NOTIFY_ROWS)
        return -ENOSPC;
    if (q->count == q->room && grow(q) < 0)
        return -ENOMEM;
    row = (uint32_t)q->count;
    char *copy = strdup(topic);
    if (!copy || text_map_put(q->topics, topic, row) < 0) {
        free(copy);
        return -ENOMEM;
    }
    pthread_mutex_lock(&q->lock);
    q->rows[q->count++] =
        (struct notify_row){.topic = copy, .reading = {.time_us = GW_TIME_NONE}};
    pthread_mutex_unlock(&q->lock);
    *ret = row;
    return 0;
}

static void let_wait(struct notify_queue *q, uint32_t row)
{
    if (q->rows[row].is_waiting)
        return;
    q->rows[row].is_waiting = true;
    q->waiting[(q->first_waiting + q->waiting_count++) % q->room] = row;
}

static bool says_the_same(const struct gw_reading *a, const struct gw_reading *b)
{
    bool is_number = a->quality != GW_BAD && b->quality != GW_BAD;
    return a->quality == b->quality && a->reason == b->reason
           && (!is_number || a->value == b->value);
}

static bool is_empty(const struct notify_queue *q)
{
    return !q->waiting_count && !q->alarm_count;
}

int notify_queue_value(struct notify_queue *q, const char *topic,
                       const struct gw_reading *reading)
{
    uint32_t row;
    size_t known = q->count;
    int r = row_of(q, topic, &row);
    if (r < 0)
        return r;
    pthread_mutex_lock(&q->lock);
    bool was_empty = is_empty(q);
    struct notify_row *said = &q->rows[row];
    if (row >= known || said->is_hushed || !says_the_same(&said->reading, reading)) {
        said->reading = *reading;
        said->is_hushed = false;
        let_wait(q, row);
    }
    bool is_first = was_empty && !is_empty(q);
    pthread_mutex_unlock(&q->lock);
    return is_first;
}

int notify_queue_alarm(struct notify_queue *q, const char *topic, const char *payload)
{
    uint32_t row;
    int r = strlen(payload) < NOTIFY_PAYLOAD_MAX ? row_of(q, topic, &row) : -ENOSPC;
    if (r < 0)
        return r;
    char *now = strdup(payload);
    char *step = strdup(payload);
    if (!now || !step) {
        free(now);
        free(step);
        return -ENOMEM;
    }
    pthread_mutex_lock(&q->lock);
    bool is_first = is_empty(q);
    char *before = q->rows[row].payload;
    q->rows[row].payload = now;
    bool has_room = q->alarm_count < NOTIFY_ALARMS;
    if (has_room)
        q->alarms[(q->first_alarm + q->alarm_count++) % NOTIFY_ALARMS] =
            (struct notify_transition){row, step};
    else
        let_wait(q, row);
    pthread_mutex_unlock(&q->lock);
    free(before);
    if (!has_room)
        free(step);
    return is_first;
}

/* The caller frees *@ret_step when the lock is released. */
static bool take_alarm(struct notify_queue *q, struct notify_item *ret, char **ret_step)
{
    if (!q->alarm_count)
        return false;
    const struct notify_transition *t = &q->alarms[q->first_alarm];
    ret->topic = q->rows[t->row].topic;
    memcpy(ret->payload, t->payload, strlen(t->payload) + 1);
    *ret_step = t->payload;
    q->first_alarm = (q->first_alarm + 1) % NOTIFY_ALARMS;
    q->alarm_count--;
    return true;
}

static bool take_row(struct notify_queue *q, struct notify_item *ret)
{
    if (!q->waiting_count)
        return false;
    struct notify_row *row = &q->rows[q->waiting[q->first_waiting]];
    q->first_waiting = (q->first_waiting + 1) % q->room;
    q->waiting_count--;
    row->is_waiting = false;
    ret->topic = row->topic;
    ret->reading = row->reading;
    ret->payload[0] = '\0';
    if (row->payload)
        memcpy(ret->payload, row->payload, strlen(row->payload) + 1);
    return true;
}

bool notify_queue_take(struct notify_queue *q, struct notify_item *ret)
{
    char *step = NULL;
    pthread_mutex_lock(&q->lock);
    bool is_taken = take_alarm(q, ret, &step) || take_row(q, ret);
    pthread_mutex_unlock(&q->lock);
    free(step);
    return is_taken;
}

void notify_queue_repeat(struct notify_queue *q)
{
    pthread_mutex_lock(&q->lock);
    for (size_t row = 0; row < q->count; row++)
        if (!q->rows[row].is_hushed)
            let_wait(q, (uint32_t)row);
    pthread_mutex_unlock(&q->lock);
}

/* Other rows wait in their order. */
void notify_queue_hush(struct notify_queue *q)
{
    pthread_mutex_lock(&q->lock);
    const size_t count = q->waiting_count;
    q->waiting_count = 0;
    for (size_t row = 0; row < q->count; row++)
        q->rows[row].is_hushed = !q->rows[row].payload;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = q->waiting[(q->first_waiting + i) % q->room];
        q->rows[row].is_waiting = false;
        if (!q->rows[row].is_hushed)
            let_wait(q, row);
    }
    pthread_mutex_unlock(&q->lock);
}

static char *moved(const char *topic, const char *from, const char *to)
{
    size_t size = strlen(from);
    char *text = NULL;
    if (strncmp(topic, from, size) != 0 || topic[size] != '/')
        return strdup(topic);
    return asprintf(&text, "%s%s", to, topic + size) < 0 ? NULL : text;
}

/* All new names, or none.  Nobody else looks: the lock is only for the last step. */
int notify_queue_move(struct notify_queue *q, const char *from, const char *to)
{
    struct text_map *topics = NULL;
    char **names = calloc(q->count + 1, sizeof(*names));
    int r = names ? text_map_new(q->count + 1, &topics) : -ENOMEM;
    for (size_t i = 0; r == 0 && i < q->count; i++) {
        names[i] = moved(q->rows[i].topic, from, to);
        r = names[i] ? text_map_put(topics, names[i], (uint32_t)i) : -ENOMEM;
    }
    if (r == 0) {
        struct text_map *old = q->topics;
        pthread_mutex_lock(&q->lock);
        q->topics = topics;
        topics = old;
        for (size_t i = 0; i < q->count; i++) {
            char *name = q->rows[i].topic;
            q->rows[i].topic = names[i];
            names[i] = name;
        }
        pthread_mutex_unlock(&q->lock);
    }
    for (size_t i = 0; names && i < q->count; i++)
        free(names[i]);
    free(names);
    text_map_free(topics);
    return r;
}

size_t notify_queue_length(struct notify_queue *q)
{
    pthread_mutex_lock(&q->lock);
    size_t length = q->alarm_count + q->waiting_count;
    pthread_mutex_unlock(&q->lock);
    return length;
}
