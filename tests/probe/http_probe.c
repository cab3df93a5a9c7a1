/* http_probe.c - the API and the page on a small made-up school, for their tests.
 *
 *     http_probe SOCKET LISTEN STORE CONFIG [SCHOOL-TIME]
 *
 * Prints the page's address, then takes commands on stdin, one a line, and answers each
 * with one line "ok":
 *     raise RULE OBJECT VALUE | clear RULE OBJECT | event TYPE JSON | swap
 *     hold       actions wait from now on, as for a pipeline or a disk that is busy
 *     held       answers when one waits
 *     release    they go on
 *     full       what is done is not kept from now on, says the status; "room" ends it
 *
 * STORE gets some readings of the first point; of CONFIG only the places are used.
 */
#include <math.h>
#include <pthread.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "campus/campus.h"
#include "gw/campus.h"
#include "http/http.h"
#include "http_school.h"
#include "pipeline/object_place.h"
#include "store/store.h"
#include "probe_outputs.h"

enum { LINE_MAX_BYTES = 4096, POINTS = 40, LOGGED = 30, WAITING_MAX = 64 };

/* waiting - an action that is held. */
struct waiting {
    struct alarm_command command;
    struct outcome_to to;
};

/* probe - the lock stands in for the pipeline's thread. */
struct probe {
    pthread_mutex_t lock;
    struct http *http;
    struct point_table *points;
    struct alarms *alarms;
    struct config *config;
    struct gw_campus *campus;
    struct store *store;
    struct http_sources sources;
    pthread_cond_t changed; /* held */
    bool is_holding;
    bool is_full;
    struct waiting waiting[WAITING_MAX]; /* held of them */
    unsigned held;
    char names[POINTS][GW_NAME_MAX];
    char objects[POINTS][GW_ID_MAX];
};

static void emit(void *ctx, const struct gw_record *record)
{
    struct probe *probe = ctx;
    if (record->kind != GW_RECORD_TRANSITION || !probe->http)
        return;
    char *json = http_alarm_event(&record->transition, probe->sources.offset_s);
    if (json)
        http_event(probe->http, "alarm", json);
    free(json);
}

static const struct gw_text *place_title(void *ctx, const char *object)
{
    const struct probe *probe = ctx;
    const struct gw_place *place = object_place(probe->points, probe->campus, object);
    return place ? &place->title : NULL;
}

static void do_it(struct probe *probe, const struct waiting *action)
{
    struct outcome outcome = {0};
    (void)pthread_mutex_lock(&probe->lock);
    outcome.result =
        alarms_operate(probe->alarms, &action->command, clock_school_us(), &outcome.err);
    if (outcome.result == 0)
        outcome.keeping = probe->is_full ? OUTCOME_UNKEPT : OUTCOME_KEPT;
    if (outcome.keeping == OUTCOME_UNKEPT)
        (void)gw_fail(&outcome.err, 0, "the disk is full");
    (void)pthread_mutex_unlock(&probe->lock);
    action->to.told(action->to.ctx, &outcome);
}

static int operate(void *ctx, const struct alarm_command *command,
                   const struct outcome_to *to, struct gw_error *err)
{
    struct probe *probe = ctx;
    const struct waiting action = {*command, *to};
    (void)pthread_mutex_lock(&probe->lock);
    bool is_held = probe->is_holding;
    bool has_room = probe->held < WAITING_MAX;
    if (is_held && has_room)
        probe->waiting[probe->held++] = action;
    (void)pthread_cond_broadcast(&probe->changed);
    (void)pthread_mutex_unlock(&probe->lock);
    if (is_held && !has_room)
        return gw_fail(err, -EAGAIN, "%d wait", WAITING_MAX);
    if (!is_held)
        do_it(probe, &action);
    return 0;
}

/* One question, answered with its target; no orders. */
static int order(void *ctx, const struct gw_command *command, const struct outcome_to *to,
                 struct gw_error *err)
{
    (void)ctx;
    struct outcome outcome = {0};
    if (strcmp(command->name, "echo") != 0)
        return gw_fail(err, -EPERM, "'%s' is not for now", command->name);
    if (asprintf(&outcome.answer, "{\"target\":\"%s\",\"by\":\"%s\"}", command->target,
                 command->actor)
        < 0)
        return gw_fail(err, -ENOMEM, "out of memory");
    to->told(to->ctx, &outcome);
    return 0;
}

static void hold(struct probe *probe, bool is_holding)
{
    (void)pthread_mutex_lock(&probe->lock);
    probe->is_holding = is_holding;
    unsigned held = is_holding ? 0 : probe->held;
    probe->held -= held;
    (void)pthread_mutex_unlock(&probe->lock);
    for (unsigned i = 0; i < held; i++)
        do_it(probe, &probe->waiting[i]);
}

static void fill(struct probe *probe, bool is_full)
{
    (void)pthread_mutex_lock(&probe->lock);
    probe->is_full = is_full;
    (void)pthread_mutex_unlock(&probe->lock);
}

static void wait_for_held(struct probe *probe)
{
    (void)pthread_mutex_lock(&probe->lock);
    while (!probe->held)
        (void)pthread_cond_wait(&probe->changed, &probe->lock);
    (void)pthread_mutex_unlock(&probe->lock);
}

static char *status(void *ctx)
{
    struct probe *probe = ctx;
    char *text = NULL;
    (void)pthread_mutex_lock(&probe->lock);
    const bool is_full = probe->is_full;
    (void)pthread_mutex_unlock(&probe->lock);
    int n = asprintf(
        &text,
        "{\"gateway\":\"gw-probe\",\"version\":\"0.1.0\",\"uptime_s\":93784,"
        "\"school_time\":\"2026-11-23T10:24:10+08:00\",\"time_quality\":\"good\","
        "\"readings\":{\"mqtt\":48211,\"modbus-rtu\":20133,\"modbus-tcp\":9120},"
        "\"points\":{\"total\":412,\"good\":409,\"uncertain\":2,\"bad\":1},"
        "\"alarms\":{\"active\":3,\"unacknowledged\":2,\"P1\":1},"
        "\"buses\":[{\"name\":\"school-broker\",\"driver\":\"mqtt\",\"health\":"
        "\"online\","
        "\"fault\":\"\",\"counters\":{\"messages\":48211,\"malformed\":2},"
        "\"samples\":48211,\"overwritten\":0},{\"name\":\"rs485-1\",\"driver\":"
        "\"modbus-rtu\",\"health\":\"online\",\"fault\":\"\",\"devices\":5,"
        "\"failed\":[\"lux-203\",\"lux-204\"],\"counters\":"
        "{\"requests\":20140,\"timeout\":7},\"samples\":20133,\"overwritten\":0}],"
        "\"store\":{\"commits\":8123,\"rows\":77464,\"failures\":0,\"waiting\":0,"
        "\"away\":false,\"notice\":\"\",\"fault\":\"%s\",\"file_bytes\":18350080},"
        "\"county\":{\"enabled\":true,"
        "\"connected\":true,\"sent\":612,\"resent\":1,\"acknowledged\":611,"
        "\"in_flight\":1,\"fault\":\"\",\"messages\":612,\"outbox_acknowledged\":611,"
        "\"outbox\":{\"waiting\":1,\"oldest_s\":7300,\"rows\":512,\"bytes\":532480,"
        "\"cap\":1000000,\"dropped\":0,\"untold\":0}},"
        "\"outputs\":%s,\"local\":{\"connected\":true,\"published\":80211,\"waiting\":0,"
        "\"fault\":\"\"},"
        "\"config\":{\"hash\":\"93a1\"}}",
        is_full ? "the disk is full" : "", probe_outputs);
    return n < 0 ? NULL : text;
}

static char *devices(void *ctx)
{
    (void)ctx;
    return strdup("{\"devices\":[{\"name\":\"lux-203\",\"bus\":\"rs485-1\",\"health\":"
                  "\"online\",\"fault\":\"\",\"last_seen_s\":3,\"polls\":20140,"
                  "\"failures\":7}]}");
}

static char *buses(void *ctx)
{
    (void)ctx;
    return strdup("{\"buses\":[{\"name\":\"rs485-1\",\"driver\":\"modbus-rtu\","
                  "\"health\":\"offline\",\"fault\":\"/dev/ttyUSB0: 没有设备\","
                  "\"counters\":{\"timeout\":7,\"crc\":0},\"samples\":20133,"
                  "\"overwritten\":0}]}");
}

static char *outbox(void *ctx)
{
    (void)ctx;
    return strdup("{\"total\":612,\"acknowledged\":611,\"waiting\":1,\"epoch\":\"7f21\","
                  "\"oldest_s\":7300,\"rows\":512,\"bytes\":532480,\"cap\":1000000,"
                  "\"dropped\":0,\"untold\":0}");
}

static void add_point(struct probe *probe, uint32_t index, const char *object,
                      const struct config_metric *metric, const char *device,
                      double value)
{
    (void)snprintf(probe->objects[index], GW_ID_MAX, "%s", object);
    (void)snprintf(probe->names[index], GW_NAME_MAX, "%s/%s", object, metric->name);
    struct point_entry entry = {.id = index + 1,
                                .name = probe->names[index],
                                .object = probe->objects[index],
                                .metric = metric,
                                .device = device};
    (void)point_table_add(probe->points, &entry);
    bool is_bad = isnan(value);
    struct gw_reading reading = {.point = index + 1,
                                 .quality = is_bad ? GW_BAD : GW_GOOD,
                                 .reason = is_bad ? GW_REASON_STALE : GW_REASON_NONE,
                                 .value = value,
                                 .time_us = clock_school_us()};
    point_table_set(probe->points, &reading);
}

static void add_points(struct probe *probe)
{
    char object[GW_ID_MAX];
    for (uint32_t i = 0; i < POINTS - 1; i++) {
        (void)snprintf(object, sizeof(object), "b1-%u", 201 + i);
        add_point(probe, i, object, &lux, "lux", i == 1 ? NAN : 300.0 + i);
    }
    add_point(probe, POINTS - 1, "gate-south", &panic, "panic-gate", 0);
}

static bool command_condition(struct probe *probe, bool is_active, const char *line)
{
    char rule[GW_ID_MAX];
    char object[GW_ID_MAX];
    double value = 0;
    if (sscanf(line, "%*s %63s %63s %lf", rule, object, &value) < 2)
        return false;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (strcmp(rules[i].id, rule) != 0)
            continue;
        (void)pthread_mutex_lock(&probe->lock);
        alarms_condition(probe->alarms, &rules[i], object, is_active, value, "rule",
                         clock_school_us());
        (void)pthread_mutex_unlock(&probe->lock);
        return true;
    }
    return false;
}

static bool command_event(struct probe *probe, const char *line)
{
    char type[64];
    int used = 0;
    if (sscanf(line, "event %63s %n", type, &used) < 1)
        return false;
    http_event(probe->http, type, line + used);
    return true;
}

static void swap(struct probe *probe)
{
    http_put(probe->http, &probe->sources);
    http_settle(probe->http);
}

static bool command(struct probe *probe, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    if (!strncmp(line, "raise ", 6))
        return command_condition(probe, true, line);
    if (!strncmp(line, "clear ", 6))
        return command_condition(probe, false, line);
    if (!strncmp(line, "event ", 6))
        return command_event(probe, line);
    if (!strcmp(line, "hold"))
        hold(probe, true);
    else if (!strcmp(line, "held"))
        wait_for_held(probe);
    else if (!strcmp(line, "release"))
        hold(probe, false);
    else if (!strcmp(line, "full") || !strcmp(line, "room"))
        fill(probe, !strcmp(line, "full"));
    else if (!strcmp(line, "swap"))
        swap(probe);
    else
        return false;
    return true;
}

static char *encode_nothing(void *ctx, const struct gw_record *record, uint64_t epoch,
                            uint64_t seq, int *ret_priority)
{
    (void)ctx;
    (void)record;
    (void)epoch;
    (void)seq;
    (void)ret_priority;
    return NULL;
}

static void ignore_commit(void *ctx, uint16_t bus, uint64_t ticket)
{
    (void)ctx;
    (void)bus;
    (void)ticket;
}

static void ignore(void *ctx)
{
    (void)ctx;
}

/* open_store - LOGGED readings of point 1, the last of them a second ago. */
static int open_store(struct probe *probe, const char *path, struct gw_error *err)
{
    const struct store_config config = {
        .path = path, .commit_interval_us = 1000000, .commit_rows = 500};
    const struct store_ops ops = {
        .committed = ignore_commit, .encode = encode_nothing, .appended = ignore};
    uint32_t id = 0;
    int r = store_open(&config, &probe->store, err);
    if (r == 0)
        r = store_point_id(probe->store, probe->names[0], &id, err);
    if (r == 0)
        r = store_run(probe->store, &ops, err);
    for (int i = 0; r == 0 && i < LOGGED; i++) {
        struct gw_record record = {.kind = GW_RECORD_READING, .flags = GW_RECORD_LOG};
        int64_t time_us = clock_school_us() - (LOGGED - i) * INT64_C(1000000);
        record.reading =
            (struct gw_reading){.point = id, .value = 300 + i, .time_us = time_us};
        store_add(probe->store, &record);
    }
    if (r == 0)
        store_flush(probe->store);
    return r;
}

static int load_places(struct probe *probe, const char *folder, struct gw_error *err)
{
    static const struct gw_driver *const drivers[] = {NULL};
    static const struct gw_plugin *const plugins[] = {NULL};
    const struct config_modules modules = {drivers, plugins};
    struct config_faults *faults = NULL;
    int r = config_faults_new(&faults);
    if (r == 0)
        r = config_load(folder, &modules, faults, &probe->config, err);
    if (r == 0)
        r = campus_load(probe->config, faults, &probe->campus);
    if (faults && config_faults_errors(faults) > 0)
        config_faults_print(faults, stderr);
    faults = config_faults_free(faults);
    return r;
}

/* No bus is here: test_write.py writes through a whole gateway. */
static int enter_nothing(void *ctx, const struct campus_entry *entry, const char *actor,
                         const struct outcome_to *to, struct gw_error *err)
{
    (void)ctx;
    (void)to;
    (void)actor;
    return gw_fail(err, -ENOENT, "there is no class '%s'", entry->class_id);
}

static int enter_no_list(void *ctx, struct campus_entry_list *list, const char *actor,
                         const struct outcome_to *to, struct gw_error *err)
{
    (void)ctx;
    (void)actor;
    (void)to;
    free(list);
    return gw_fail(err, -EINVAL, "nothing is entered here");
}

static int write_nothing(void *ctx, const struct http_write *write, struct gw_error *err)
{
    (void)ctx;
    return gw_fail(err, -EROFS, "point %u is read only", write->point);
}

/* Nor a configuration: test_reload.py has one. */
static char *reload_nothing(void *ctx, const struct http_reload *asked,
                            unsigned *ret_status)
{
    (void)ctx;
    (void)asked;
    (void)ret_status;
    return NULL;
}

static const struct gw_command_info echo = {.name = "echo",
                                            .is_question = true,
                                            .target = "WORD",
                                            .help = {.en = "a word again"}};
static const struct gw_command_info lock = {
    .name = "lock", .role = GW_ROLE_GUARD, .help = {.en = "what a guard may"}};
static const struct gw_command_info erase = {
    .name = "erase", .role = GW_ROLE_ADMIN, .help = {.en = "what an admin may"}};
static const struct gw_command_info *const commands[] = {&echo, &lock, &erase, NULL};

static int make_no_backup(void *ctx, const struct http_backup *asked,
                          const struct outcome_to *to, struct gw_error *err)
{
    (void)ctx;
    (void)asked;
    (void)to;
    return gw_fail(err, -EAGAIN, "the probe makes no backups");
}

static void ignore_broken(void *ctx)
{
    (void)ctx;
}

static int start(struct probe *probe, char **argv, struct gw_error *err)
{
    const char *const listen[] = {argv[2]};
    const struct http_config config = {.socket = argv[1], .listen = {listen, 1}};
    const struct http_ops ops = {
        probe,          operate,       order,          enter_nothing, enter_no_list,
        make_no_backup, write_nothing, reload_nothing, status,        devices,
        buses,          outbox,        ignore_broken,  NULL};
    int r = point_table_new(&probe->points);
    if (r == 0)
        r = alarms_new(&(struct alarms_ops){probe, emit, place_title}, &probe->alarms);
    if (r == 0)
        r = load_places(probe, argv[4], err);
    if (r < 0)
        return r;
    add_points(probe);
    r = open_store(probe, argv[3], err);
    probe->sources = (struct http_sources){.points = probe->points,
                                           .alarms = probe->alarms,
                                           .commands = commands,
                                           .campus = probe->campus,
                                           .store_path = argv[3],
                                           .offset_s = 8 * 3600};
    return r < 0 ? r : http_start(&config, &probe->sources, &ops, &probe->http, err);
}

static void stop(struct probe *probe)
{
    hold(probe, false);
    probe->http = http_stop(probe->http);
    probe->store = store_close(probe->store);
    probe->alarms = alarms_free(probe->alarms);
    probe->points = point_table_free(probe->points);
    probe->campus = campus_free(probe->campus);
    probe->config = config_free(probe->config);
}

int main(int argc, char **argv)
{
    static struct probe probe = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                 .changed = PTHREAD_COND_INITIALIZER};
    struct gw_error err = {0};
    int64_t time_us = 0;
    if (argc < 5 || argc > 6 || (argc == 6 && clock_parse(argv[5], &time_us) < 0))
        return 2;
    if (argc == 6)
        clock_run_school(time_us, 1);
    if (start(&probe, argv, &err) < 0) {
        (void)fprintf(stderr, "%s\n", err.text);
        stop(&probe);
        return 1;
    }
    (void)printf("%s\n", http_address(probe.http));
    (void)fflush(stdout);

    char line[LINE_MAX_BYTES];
    while (fgets(line, sizeof(line), stdin)) {
        (void)puts(command(&probe, line) ? "ok" : "what?");
        (void)fflush(stdout);
    }
    stop(&probe);
    return 0;
}
