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

#include "backup_job.h"
#include "clock_kept.h"
#include "field/field.h"
#include "gw/log.h"
#include "kept.h"
#include "latency.h"
#include "operation.h"
#include "output_state.h"
#include "reload.h"
#include "remembered.h"
#include "settings.h"
#include "uplink/command_book.h"

/* live - one configuration and all that is built on it; a reload puts another one in its
 * place as a whole. */
struct live {
    struct settings *settings;
    struct pipeline *pipeline;
    struct county_encoder *encoder;
};

/* The gateway's own points, in the order of the table in app_health.c. */
enum { APP_HEALTHS = 13 };

struct app {
    const char *folder;
    char state_folder[512];
    struct evidence_key key; /* of evidence; written before the store runs */
    bool has_key;
    int64_t started_us; /* machine time */
    int64_t sample_us;  /* machine time at which the sample in work was taken */
    bool has_sample;    /* one came since the start */
    struct clock_kept
        clock;              /* before the pipeline runs the last run's, then this one's */
    struct latency latency; /* sample taken to alarm given */
    struct latency given;   /* sample taken to output command given */
    _Atomic uint64_t unlogged; /* polled readings not kept while the disk took nothing */
    bool messages_give_way;    /* no store, and what waits for one has filled its room */
    struct gw_complaint disk;
    struct gw_complaint hung;
    struct gw_complaint refusals; /* of commands by local topics */

    struct sample_queue *queue;
    struct operations *operations;
    struct backup_job *backups;
    struct remembered remembered; /* orders of a time without a store */
    struct command_book book;     /* the county's orders that came */
    struct output_states *outputs;
    struct store *store;
    struct pipeline *before; /* that ended when the store came, until the next starts */
    const struct pipeline *told; /* to it the gateway's health was told: */
    double health[APP_HEALTHS];
    bool has_store_come; /* it was away: everything that holds ids begins anew */
    struct http *http;
    struct reload *reload;
    struct kept kept; /* main's until the reload's thread runs */

    /* Under the lock: main and the reload's thread change them, others look. */
    pthread_mutex_t links;
    struct live live; /* main, who alone changes it, looks without the lock */
    struct notify *notify;
    struct county *county;
    struct field *field;

    struct field *left; /* that did not end: of what it may use nothing is freed */

    pthread_cond_t encoded; /* with links: the store's thread has let go of an encoder */
    bool is_encoding;

    /* The county's own: it may outlive the configuration that it came with. */
    struct county_config county_config;
    struct config *county_tree;
    char *birth; /* what the county learns at every connect */

    struct text_map *ids; /* of points, looked up at once before a tree is built */

    sd_event *loop;
    sd_event_source *queue_source;
    sd_event_source *timer;
};

/* app_run - loads @folder and runs until SIGTERM or SIGINT.
 * returns 0, APP_LEFT, or gw_fail(); configuration faults are printed to stderr and are
 *         -EINVAL.  APP_LEFT: all is saved, but a bus's thread hangs and still uses its
 *         memory; only _exit() is safe */
enum { APP_LEFT = 1 };

int app_run(const char *folder, struct gw_error *err);

/* app_loop - the event loop, from READY=1 to the signal.  In app_loop.c. */
int app_loop(struct app *app, struct gw_error *err);

/* live_build - the stages and the encoder on @settings, which stays the caller's; with
 * ids of the store, not started.  Thread: main before the store runs, then the reload's.
 */
int live_build(struct app *app, struct settings *settings, struct live *ret,
               struct gw_error *err);

/* app_refill - the windows of @live's rules from the log, before it starts at @now_us.
 * Where the log cannot be read, they fill by themselves: no reason not to guard. */
void app_refill(struct app *app, const struct live *live, int64_t now_us);

/* live_clear - pipeline and encoder, which nobody uses; the settings stay. */
void live_clear(struct live *live);

/* live_free - pipeline, encoder and settings; an encoder in use is waited for. */
void live_free(struct app *app, struct live *live);

/* live_now - for others than main; good while they hold http's sources. */
struct live live_now(struct app *app);

/* app_open_key - the gateway's own key, as far as it is not open; without one there is no
 * file of evidence.  app_key - NULL = none.  In app_key.c. */
void app_open_key(struct app *app);
const struct evidence_key *app_key(const struct app *app);

/* The county with its own thread, by the live configuration; nothing when it is off. */
int app_county_start(struct app *app, struct gw_error *err);
void app_county_stop(struct app *app);

/* The wires: what flows on and back.  In app_flow.c. */
void app_committed(void *app, uint16_t bus, uint64_t ticket);
void app_appended(void *app);
char *app_encode(void *app, const struct gw_record *record, uint64_t epoch, uint64_t seq,
                 int *ret_priority);
char *app_encode_dropped(void *app, const struct store_dropped *dropped, uint64_t epoch,
                         uint64_t seq);
char *app_seal(void *app, const struct evidence_month *month, uint64_t epoch,
               uint64_t seq, struct evidence_file *ret);
void app_settled(void *app, uint64_t kept, const char *fault);
int app_operate(void *app, const struct alarm_command *command,
                const struct outcome_to *to, struct gw_error *err);
int app_operate_by_topic(void *app, const struct alarm_command *command,
                         struct gw_error *err);
int app_enter(void *app, const struct campus_entry *entry, const char *actor,
              const struct outcome_to *to, struct gw_error *err);
int app_enter_list(void *app, struct campus_entry_list *list, const char *actor,
                   const struct outcome_to *to, struct gw_error *err);
int app_command(void *app, const struct gw_command *command, const struct outcome_to *to,
                struct gw_error *err);
void app_look(void *app);
bool app_peek(void *app, uint32_t point, int64_t now_us, int64_t *ret_hour_us,
              struct block *ret);
extern const struct field_ops app_field_ops; /* but for ctx */
struct http_sources app_sources(const struct live *live);

/* app_arm - seals what is due and sets the timer to whatever comes next. */
void app_arm(struct app *app);

/* app_school_now - school time; tells the stages first when the clock was set since.
 * app_clock_start - looks where the clock stands and whether anybody knows that it is
 * right, before the stages start; when it was set since they were kept, they learn it.
 * app_clock_tick - each second; app_clock_stop - when the stages have stopped.  In
 * app_clock.c. */
int64_t app_school_now(struct app *app);
void app_clock_start(struct app *app);
void app_clock_tick(struct app *app);
void app_clock_stop(struct app *app);

/* app_tell_health - what the daemon knows of itself, to its own points, as far as it
 * changed.  In app_health.c. */
void app_tell_health(struct app *app);

/* app_serve - an order, done; app_settle - tells whose orders the disk has or will not
 * take soon.  Thread: main.  In app_orders.c. */
void app_serve(void *app, const struct operation *operation, struct outcome *ret,
               uint64_t *ret_mark);
void app_settle(struct app *app);

/* app_order - of the county: hands its order to main.  app_serve_county - does it, once.
 * app_recalled - of the store.  Thread: any; main; the store's.  In app_county.c. */
int app_order(void *app, struct county_given *given, struct gw_error *err);
void app_serve_county(struct app *app, struct county_given *given, int64_t now_us,
                      struct outcome *ret, uint64_t *ret_mark);
void app_recalled(void *app);

/* app_orders_again - what was ordered without a store, on a pipeline that has begun anew;
 * a store that is there has it then, and it is forgotten.  In app_again.c. */
void app_orders_again(struct app *app);

/* app_emit - one record to store, school, pages.  In app_emit.c. */
void app_emit(void *app, const struct gw_record *record);

/* app_drain - takes everything that waits in the queue when it is called. */
void app_drain(struct app *app);

/* app_output - of the pipeline: an output is to change; app_send_output - of
 * output_states: its value to the bus.  Thread: main.  In app_write.c. */
void app_output(void *app, const struct output_command *command);
int app_send_output(void *app, const struct output_send *send, struct gw_error *err);

/* app_write - of http: a value to the bus of its point.  Thread: any.  In app_write.c. */
int app_write(void *app, const struct http_write *write, struct gw_error *err);

/* app_backup - of http: a copy of the database begins.  Thread: any.  In app_orders.c. */
int app_backup(void *app, const struct http_backup *asked, const struct outcome_to *to,
               struct gw_error *err);

/* The API's documents as JSON texts; caller frees.  Thread: any.  In app_status.c, those
 * of devices and buses in app_field.c. */
char *app_status(void *app);
char *app_devices(void *app);
char *app_buses(void *app);
char *app_outbox(void *app);

/* app_days_left - whole days until the county's certificate ends, by school time; less
 * than 0 once it has.  returns false when nothing ends, or nobody knows the time */
bool app_days_left(const struct county_credentials *credentials, int64_t *ret);

/* app_outbox_age_s - how long the oldest row waits, by school time. */
int64_t app_outbox_age_s(const struct store_status *store);

/* app_text - @document, which ends with it, as such a text; NULL: out of memory. */
char *app_text(json_t *document);

/* app_bus_rows - of the status: the buses.  Thread: any.  In app_field.c. */
json_t *app_bus_rows(struct app *app);

/* app_outputs - of the status: the outputs.  Thread: any.  In app_outputs.c. */
json_t *app_outputs(struct app *app);

/* app_read_outputs - to output_states: what each output reads back as.  Thread: main.  In
 * app_outputs.c. */
void app_read_outputs(struct app *app);

#endif
