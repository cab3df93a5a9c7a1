/* app.h - the daemon: every part started in order, wired by callbacks, stopped in
 * reverse.
 *
 * Nobody else knows more than one neighbour; what flows back (a commit, a range of the
 * county, an operator's action) is a callback set here.  Thread: main.
 */
#ifndef APP_H
#define APP_H

#include <pthread.h>
#include <systemd/sd-event.h>

#include "field/field.h"
#include "gw/log.h"
#include "latency.h"
#include "operation.h"
#include "output_state.h"
#include "settings.h"

struct app {
    const char *folder;
    struct settings settings;
    int64_t started_us;     /* machine time */
    int64_t sample_us;      /* machine time at which the sample in work was taken */
    bool has_sample;        /* one came since the start */
    int64_t ahead_us;       /* school time of machine time, for clock_school_was_set() */
    struct latency latency; /* sample taken to alarm given */
    struct latency given;   /* sample taken to output command given */
    _Atomic uint64_t unlogged; /* polled readings not kept while the disk took nothing */
    struct gw_complaint disk;
    struct gw_complaint hung;

    struct sample_queue *queue;
    struct operations *operations;
    struct output_states *outputs;
    struct store *store;
    uint16_t *bus_ids; /* of the store, by index in the configuration */
    struct county_encoder *encoder;
    struct pipeline *pipeline;
    struct notify *notify;
    struct http *http;

    /* Called back from the store's thread while they come and go. */
    pthread_mutex_t links;
    struct county *county;
    struct field *field;

    char *birth; /* what the county learns at every connect */

    sd_event *loop;
    sd_event_source *queue_source;
    sd_event_source *timer;
};

/* app_run - loads @folder and runs until SIGTERM or SIGINT.
 * returns 0, or gw_fail(); configuration faults are printed to stderr and are -EINVAL */
int app_run(const char *folder, struct gw_error *err);

/* app_loop - the event loop, from READY=1 to the signal.  In app_loop.c. */
int app_loop(struct app *app, struct gw_error *err);

/* app_emit - one record to store, school, pages.  In app_emit.c. */
void app_emit(void *app, const struct gw_record *record);

/* app_drain - takes everything that waits in the queue now. */
void app_drain(struct app *app);

/* app_output - of the pipeline: an output is to change; app_send_output - of
 * output_states: its value to the bus.  Thread: main.  In app_write.c. */
void app_output(void *app, const struct output_command *command);
int app_send_output(void *app, const struct output_send *send);

/* app_write - of http: a value to the bus of its point.  Thread: any.  In app_write.c. */
int app_write(void *app, const struct http_write *write, struct gw_error *err);

/* The API's documents as JSON texts; caller frees.  Thread: any.  In app_status.c. */
char *app_status(void *app);
char *app_devices(void *app);
char *app_buses(void *app);
char *app_outbox(void *app);

#endif
