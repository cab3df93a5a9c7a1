#include "notify/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <mosquitto.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/worker.h"
#include "gw/log.h"
#include "notify/notify_client.h"
#include "notify/notify_queue.h"
#include "notify/notify_text.h"

enum {
    TOPIC_MAX = 2 * GW_NAME_MAX,
    TURN_US = 1000000,
    REFUSALS_MAX = 20,
    REFUSALS_US = 60 * 1000000,
};

static const int64_t backoff_first_us = 500000;
static const int64_t backoff_last_us = 30000000;
static const int64_t stable_us = 10000000;

#define LOCAL(field) offsetof(struct notify_config, field)

const struct gw_option notify_options[] = {
    {.name = "broker",
     .type = GW_OPT_STRING,
     .offset = LOCAL(broker),
     .help = "mqtt://host:port of the school's broker; none = no local topics"},
    {.name = "user",
     .type = GW_OPT_STRING,
     .offset = LOCAL(user),
     .help = "name at the broker; none = anonymous"},
    {.name = "password_file",
     .type = GW_OPT_FILE,
     .offset = LOCAL(password_file),
     .help = "file with the password on its first line, mode 0600"},
    {.name = "prefix",
     .type = GW_OPT_ID,
     .offset = LOCAL(prefix),
     .fallback = "school",
     .help = "first level of every local topic"},
    {.name = "values",
     .type = GW_OPT_BOOL,
     .offset = LOCAL(values),
     .fallback = "true",
     .help = "also publish every changed value"},
    {0},
};

struct notify {
    bool values;
    char prefix[GW_ID_MAX];
    char *user; /* copies: the configuration may be replaced under us */
    char *password_file;
    struct notify_ops ops;
    struct notify_queue *queue;
    struct worker *worker;
    pthread_mutex_t lock; /* of status, and of the worker's coming and going */
    struct notify_status status;

    /* the worker's own */
    struct notify_client_config link;
    struct notify_client *client;
    char client_id[GW_ID_MAX + 16];
    char subscribe[TOPIC_MAX];
    char status_topic[TOPIC_MAX];
    char online[NOTIFY_PAYLOAD_MAX];
    char offline[NOTIFY_PAYLOAD_MAX];
    int64_t backoff_us;
    int64_t reopen_us;
    int64_t opened_us;
    struct gw_complaint away;
    int64_t refused_us; /* since when they are counted */
    unsigned refused;
};

static const struct gw_subject about = {"LOCAL", "topics"};

static void set_status(struct notify *n, bool is_connected, const char *fault)
{
    pthread_mutex_lock(&n->lock);
    n->status.is_connected = is_connected;
    (void)snprintf(n->status.fault, sizeof(n->status.fault), "%.199s", fault);
    pthread_mutex_unlock(&n->lock);
}

static void count_published(struct notify *n)
{
    pthread_mutex_lock(&n->lock);
    n->status.published++;
    pthread_mutex_unlock(&n->lock);
}

static void on_connected(void *ctx)
{
    struct notify *n = ctx;
    struct gw_error err;
    set_status(n, true, "");
    gw_relieve(&n->away, about, "connected again");
    (void)notify_client_publish(n->client, n->status_topic, n->online, 1, &err);
    notify_queue_repeat(n->queue);
}

/* Whoever gave it has no answer but the log: each is there, of a storm the first. */
static void log_refusal(struct notify *n, const char *topic, const char *why)
{
    int64_t now_us = clock_machine_us();
    if (n->refused_us == 0 || now_us - n->refused_us >= REFUSALS_US) {
        n->refused_us = now_us;
        n->refused = 0;
    }
    if (++n->refused <= REFUSALS_MAX)
        gw_log(GW_LOG_WARNING, about, "command on '%.100s' refused: %s%s", topic, why,
               n->refused == REFUSALS_MAX ? "; more are not told for a minute" : "");
}

static void on_message(void *ctx, const char *topic, const void *bytes, size_t size)
{
    struct notify *n = ctx;
    struct alarm_command command;
    struct gw_error err = {0};
    int r = notify_text_command(topic, n->prefix, bytes, size, clock_school_us(),
                                &command, &err);
    if (r == 0)
        r = n->ops.command(n->ops.ctx, &command, &err);
    if (r < 0)
        log_refusal(n, topic, err.text);
}

/* Doubling, with a spread by the clock's last digits so that programs that lost the same
 * broker do not come back together. */
static void back_off(struct notify *n)
{
    int64_t now_us = clock_machine_us();
    n->reopen_us = now_us + n->backoff_us - n->backoff_us / 10 * (now_us % 10) / 10;
    n->backoff_us =
        n->backoff_us * 2 < backoff_last_us ? n->backoff_us * 2 : backoff_last_us;
}

static void open_client(struct notify *n)
{
    const struct notify_client_events events = {n, on_connected, on_message};
    struct gw_error err = {0};
    n->opened_us = clock_machine_us();
    if (notify_client_open(&n->link, &events, &n->client, &err) < 0) {
        n->client = NULL;
        set_status(n, false, err.text);
        gw_complain(&n->away, about, "%s; values and alarms wait", err.text);
        back_off(n);
    }
    n->link.attempt++;
}

static void lose_client(struct notify *n, const char *cause)
{
    if (clock_machine_us() - n->opened_us > stable_us)
        n->backoff_us = backoff_first_us;
    n->client = notify_client_close(n->client, false);
    back_off(n);
    set_status(n, false, cause);
    gw_complain(&n->away, about, "%s; values and alarms wait", cause);
}

static int publish_waiting(struct notify *n, struct gw_error *err)
{
    struct notify_item item;
    while (notify_client_can_take(n->client) && notify_queue_take(n->queue, &item)) {
        bool is_alarm = item.payload[0];
        if (!is_alarm)
            notify_text_value(&item.reading, item.payload);
        int r = notify_client_publish(n->client, item.topic, item.payload, is_alarm, err);
        if (r < 0)
            return r; /* every row is said again after the next connection */
        count_published(n);
    }
    return 0;
}

static void sleep_and_turn(struct notify *n, struct worker *w)
{
    struct pollfd fds[2] = {{.fd = worker_fd(w), .events = POLLIN}, {.fd = -1}};
    int64_t wait_us = TURN_US;
    if (n->client) {
        int write = notify_client_wants_write(n->client) ? POLLOUT : 0;
        fds[1] = (struct pollfd){.fd = notify_client_fd(n->client),
                                 .events = (short)(POLLIN | write)};
    } else {
        wait_us = n->reopen_us - clock_machine_us();
    }
    struct timespec wait = {0};
    if (wait_us > 0)
        wait = (struct timespec){wait_us / 1000000, wait_us % 1000000 * 1000};
    (void)ppoll(fds, 2, &wait, NULL);
    if (fds[0].revents)
        worker_drain(w);
    struct gw_error err = {0};
    if (n->client
        && (notify_client_turn(n->client, fds[1].revents, &err) < 0
            || publish_waiting(n, &err) < 0))
        lose_client(n, err.text);
}

static void say_goodbye(struct notify *n)
{
    struct gw_error err;
    if (n->client && notify_client_is_connected(n->client)) {
        (void)publish_waiting(n, &err);
        (void)notify_client_publish(n->client, n->status_topic, n->offline, 1, &err);
    }
    n->client = notify_client_close(n->client, true);
}

static void notify_run(struct worker *w, void *ctx)
{
    struct notify *n = ctx;
    while (!worker_should_stop(w)) {
        worker_alive(w);
        if (!n->client && clock_machine_us() >= n->reopen_us)
            open_client(n);
        sleep_and_turn(n, w);
    }
    say_goodbye(n);
}

static bool copy_text(const char *text, char **ret)
{
    *ret = text ? strdup(text) : NULL;
    return !text || *ret;
}

/* Without memory for the new names the old ones go on until the next restart. */
void notify_set_topics(struct notify *n, const struct notify_config *config)
{
    if (n->values && !config->values)
        notify_queue_hush(n->queue);
    n->values = config->values;
    if (strcmp(n->prefix, config->prefix) == 0
        || notify_queue_move(n->queue, n->prefix, config->prefix) < 0)
        return;
    (void)snprintf(n->prefix, sizeof(n->prefix), "%.63s", config->prefix);
}

/* While there is no worker. */
static int prepare(struct notify *n, const struct notify_config *config,
                   const char *gateway, struct gw_error *err)
{
    const char *prefix = n->prefix;
    free(n->user);
    free(n->password_file);
    n->user = NULL;
    n->password_file = NULL;
    n->reopen_us = 0;
    (void)snprintf(n->client_id, sizeof(n->client_id), "campus-local-%.40s", gateway);
    (void)snprintf(n->subscribe, sizeof(n->subscribe), "%s/cmd/alarm/+/+", prefix);
    (void)snprintf(n->status_topic, sizeof(n->status_topic), "%s/gateway", prefix);
    notify_text_status(gateway, true, n->online);
    notify_text_status(gateway, false, n->offline);
    n->backoff_us = backoff_first_us;
    if (!copy_text(config->user, &n->user)
        || !copy_text(config->password_file, &n->password_file))
        return gw_fail(err, -ENOMEM, "local topics: out of memory");
    n->link = (struct notify_client_config){
        .client_id = n->client_id,
        .user = n->user,
        .password_file = n->password_file,
        .subscribe = n->subscribe,
        .will_topic = n->status_topic,
        .will = n->offline,
    };
    return gw_broker_read(config->broker, GW_BROKER_PLAIN, &n->link.broker, err);
}

static void wake(struct notify *n)
{
    pthread_mutex_lock(&n->lock);
    if (n->worker)
        worker_wake(n->worker);
    pthread_mutex_unlock(&n->lock);
}

void notify_pause(struct notify *n)
{
    pthread_mutex_lock(&n->lock);
    struct worker *worker = n->worker;
    n->worker = NULL;
    pthread_mutex_unlock(&n->lock);
    if (!worker)
        return;
    worker_stop(worker);
    (void)worker_join(worker);
}

int notify_resume(struct notify *n, const struct notify_config *config,
                  const char *gateway, struct gw_error *err)
{
    struct worker *worker = NULL;
    int r = prepare(n, config, gateway, err);
    if (r < 0)
        return r;
    r = worker_start("local", 0, notify_run, n, &worker);
    if (r < 0)
        return gw_fail(err, r, "local topics: no thread: %s", strerror(-r));
    pthread_mutex_lock(&n->lock);
    n->worker = worker;
    pthread_mutex_unlock(&n->lock);
    return 0;
}

int notify_check(const struct notify_config *config, struct gw_error *err)
{
    struct gw_broker broker;
    int r = config->broker ? gw_broker_read(config->broker, GW_BROKER_PLAIN, &broker, err)
                           : 0;
    return r == 0 ? gw_broker_login(config->user, config->password_file, err) : r;
}

int notify_start(const struct notify_config *config, const char *gateway,
                 const struct notify_ops *ops, struct notify **ret, struct gw_error *err)
{
    if (!config->broker) {
        *ret = NULL; /* off: every function takes NULL */
        return 0;
    }
    (void)mosquitto_lib_init(); /* cannot fail on Linux; counted */
    struct notify *n = calloc(1, sizeof(*n));
    if (!n)
        return gw_fail(err, -ENOMEM, "local topics: out of memory");
    n->ops = *ops;
    pthread_mutex_init(&n->lock, NULL);
    n->values = config->values;
    (void)snprintf(n->prefix, sizeof(n->prefix), "%.63s", config->prefix);
    int r = notify_queue_new(&n->queue);
    r = r < 0 ? gw_fail(err, r, "local topics: out of memory")
              : notify_resume(n, config, gateway, err);
    if (r < 0) {
        notify_stop(n);
        return r;
    }
    *ret = n;
    return 0;
}

struct notify *notify_stop(struct notify *n)
{
    if (!n)
        return NULL;
    notify_pause(n);
    n->queue = notify_queue_free(n->queue);
    pthread_mutex_destroy(&n->lock);
    free(n->user);
    free(n->password_file);
    free(n);
    return NULL;
}

void notify_reading(struct notify *n, const struct point_entry *entry,
                    const struct gw_reading *reading)
{
    if (!n || !n->values)
        return;
    char topic[TOPIC_MAX];
    (void)snprintf(topic, sizeof(topic), "%.60s/%.200s", n->prefix, entry->name);
    if (notify_queue_value(n->queue, topic, reading) > 0)
        wake(n);
}

void notify_alarm(struct notify *n, const struct gw_transition *transition,
                  const struct gw_text *title)
{
    if (!n)
        return;
    static const struct gw_text untitled = {0};
    char topic[TOPIC_MAX];
    char payload[NOTIFY_PAYLOAD_MAX];
    (void)snprintf(topic, sizeof(topic), "%.60s/alarm/%s/%s", n->prefix, transition->rule,
                   transition->object);
    /* A title too long for a message is left out rather than the alarm. */
    int r = notify_text_alarm(transition, title ? title : &untitled, payload);
    if (r == -ENOSPC)
        r = notify_text_alarm(transition, &untitled, payload);
    if (r == 0 && notify_queue_alarm(n->queue, topic, payload) > 0)
        wake(n);
}

void notify_status(struct notify *n, struct notify_status *ret)
{
    *ret = (struct notify_status){0};
    if (!n)
        return;
    pthread_mutex_lock(&n->lock);
    *ret = n->status;
    pthread_mutex_unlock(&n->lock);
    ret->waiting = notify_queue_length(n->queue);
}
