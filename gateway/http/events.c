#include "http/events.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/worker.h"
#include "gw/log.h"
#include "http/event_ring.h"
#include "http/resource.h"
#include "http/server.h"

enum { STREAM_BLOCK = 4096, HEARTBEAT_LATE_US = 20 * EVENTS_HEARTBEAT_US };

/* The browser comes back a second after an end; ours to say, once. */
static const char greeting[] = "retry: 1000\n\n";

/* A stream is suspended (is_waiting, and in the connection) or in its thread's hands. */
struct stream {
    struct events *events;
    struct MHD_Connection *connection;
    uint64_t position;
    size_t greeted; /* bytes of the greeting that are out */
    bool is_waiting;
};

struct events {
    pthread_mutex_t lock; /* ring, streams, is_closing */
    struct event_ring ring;
    struct stream *streams[EVENTS_STREAMS_MAX];
    size_t count;
    bool is_closing;
    struct worker *worker;
};

/* events_resume - a suspended connection is touched by nobody until it is resumed, so
 * it outlives the lock. */
static void events_resume(struct events *e)
{
    struct MHD_Connection *ready[EVENTS_STREAMS_MAX];
    size_t n = 0;
    (void)pthread_mutex_lock(&e->lock);
    for (size_t i = 0; i < e->count; i++) {
        if (e->streams[i]->is_waiting)
            ready[n++] = e->streams[i]->connection;
        e->streams[i]->is_waiting = false;
    }
    (void)pthread_mutex_unlock(&e->lock);
    for (size_t i = 0; i < n; i++)
        MHD_resume_connection(ready[i]);
}

static void events_heartbeat(struct events *e)
{
    char time[CLOCK_TEXT_MAX];
    char json[CLOCK_TEXT_MAX + 16];
    clock_format(clock_school_us(), 0, time);
    (void)snprintf(json, sizeof(json), "{\"time\":\"%s\"}", time);
    (void)pthread_mutex_lock(&e->lock);
    (void)event_ring_add(&e->ring, "heartbeat", json);
    (void)pthread_mutex_unlock(&e->lock);
}

static void events_run(struct worker *w, void *ctx)
{
    struct events *e = ctx;
    int64_t next_us = clock_machine_us() + EVENTS_HEARTBEAT_US;
    while (!worker_should_stop(w)) {
        int64_t now_us = clock_machine_us();
        if (now_us >= next_us) {
            events_heartbeat(e);
            next_us = now_us + EVENTS_HEARTBEAT_US;
        }
        events_resume(e);
        worker_alive(w);
        struct pollfd fd = {.fd = worker_fd(w), .events = POLLIN};
        int64_t wait_us = next_us - clock_machine_us();
        (void)poll(&fd, 1, wait_us > 0 ? (int)(wait_us / 1000) + 1 : 0);
        worker_drain(w);
    }
    events_resume(e);
}

int events_new(struct events **ret)
{
    struct events *e = calloc(1, sizeof(*e));
    if (!e)
        return -ENOMEM;
    (void)pthread_mutex_init(&e->lock, NULL);
    int r = worker_start("http-events", HEARTBEAT_LATE_US, events_run, e, &e->worker);
    if (r < 0) {
        (void)events_free(e);
        return r;
    }
    *ret = e;
    return 0;
}

void events_close(struct events *e)
{
    (void)pthread_mutex_lock(&e->lock);
    e->is_closing = true;
    (void)pthread_mutex_unlock(&e->lock);
    worker_stop(e->worker);
    e->worker = worker_join(e->worker);
}

struct events *events_free(struct events *e)
{
    if (!e)
        return NULL;
    if (e->worker)
        events_close(e);
    (void)pthread_mutex_destroy(&e->lock);
    free(e);
    return NULL;
}

void events_add(struct events *e, const char *type, const char *json)
{
    (void)pthread_mutex_lock(&e->lock);
    bool fits = event_ring_add(&e->ring, type, json);
    (void)pthread_mutex_unlock(&e->lock);
    if (fits)
        worker_wake(e->worker);
    else
        gw_log(GW_LOG_WARNING, (struct gw_subject){0},
               "event '%s' is not one line of at most %d bytes, not sent to the pages",
               type, EVENT_MAX);
}

/* stream_take - the next bytes; 0 = none, and the stream ends when it must. */
static ssize_t stream_take(struct stream *s, char *ret, size_t max)
{
    if (s->events->is_closing)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (s->greeted < sizeof(greeting) - 1) {
        size_t left = sizeof(greeting) - 1 - s->greeted;
        size_t n = left < max ? left : max;
        memcpy(ret, greeting + s->greeted, n);
        s->greeted += n;
        return (ssize_t)n;
    }
    int n = event_ring_read(&s->events->ring, &s->position, ret, max);
    return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

/* stream_read - content reader: sleeps by suspending, since a reader that returns 0
 * without that is called again at once, for ever. */
static ssize_t stream_read(void *ctx, uint64_t position, char *ret, size_t max)
{
    (void)position;
    struct stream *s = ctx;
    struct events *e = s->events;
    (void)pthread_mutex_lock(&e->lock);
    ssize_t n = stream_take(s, ret, max);
    uint64_t seen = s->position;
    (void)pthread_mutex_unlock(&e->lock);
    if (n != 0)
        return n;

    MHD_suspend_connection(s->connection);
    (void)pthread_mutex_lock(&e->lock);
    bool is_late = e->ring.end != seen || e->is_closing;
    s->is_waiting = !is_late;
    (void)pthread_mutex_unlock(&e->lock);
    if (is_late)
        MHD_resume_connection(s->connection);
    return 0;
}

static void stream_free(void *ctx)
{
    struct stream *s = ctx;
    struct events *e = s->events;
    (void)pthread_mutex_lock(&e->lock);
    for (size_t i = 0; i < e->count; i++) {
        if (e->streams[i] != s)
            continue;
        e->streams[i] = e->streams[--e->count];
        break;
    }
    (void)pthread_mutex_unlock(&e->lock);
    free(s);
}

/* events_admit - a place among the streams, from now on. */
static bool events_admit(struct events *e, struct stream *s)
{
    (void)pthread_mutex_lock(&e->lock);
    bool has_room = e->count < EVENTS_STREAMS_MAX && !e->is_closing;
    if (has_room) {
        s->position = e->ring.end;
        e->streams[e->count++] = s;
    }
    (void)pthread_mutex_unlock(&e->lock);
    return has_room;
}

int events_stream(struct events *e, struct MHD_Connection *connection,
                  struct MHD_Response **ret)
{
    struct stream *s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    s->events = e;
    s->connection = connection;
    if (!events_admit(e, s)) {
        free(s);
        return -EBUSY;
    }
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, s, stream_free);
    if (!response) {
        stream_free(s);
        return -ENOMEM;
    }
    *ret = response;
    return 0;
}

void events_answer(struct request *request, struct reply *reply)
{
    struct MHD_Response *response = NULL;
    int r = events_stream(request->http->events, request->connection, &response);
    if (r < 0) {
        reply_problem(reply, 503, NULL, "at most %d event streams are served at a time",
                      EVENTS_STREAMS_MAX);
        reply->retry_s = 5;
        return;
    }
    reply->status = 200;
    reply->type = "text/event-stream";
    reply->stream = response;
}
