#include "pipeline/replay.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/strbuf.h"

enum {
    QUOTE_MAX = 96,
    GAP_DAYS_MAX = 183, /* no holiday is as long; a year mistyped is longer */
};

static const int64_t day_us = INT64_C(86400000000);

/* replay - one run.  line: its number; value: its parsed object; ahead_us: how far the
 * school's hand was set away from the machine's. */
struct replay {
    const char *name;
    struct pipeline *pipeline;
    const struct replay_ops *ops;
    struct gw_error *err;
    unsigned line;
    json_t *value;
    int64_t time_us;
    int64_t ahead_us;
    bool is_started;
    bool has_ended;
};

/* One line and not too long, whatever stood there. */
static void quote(const char *text, char ret[QUOTE_MAX])
{
    (void)snprintf(ret, QUOTE_MAX, " '%.80s'", text);
    for (char *c = ret; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = '?';
}

static int fail(const struct replay *r, const char *what, const char *about,
                const char *allowed)
{
    char quoted[QUOTE_MAX] = "";
    if (about)
        quote(about, quoted);
    return gw_fail(r->err, -EINVAL, "%s:%u: %s%s (%s)", r->name, r->line, what, quoted,
                   allowed);
}

static const char *text_of(const struct replay *r, const char *key)
{
    return json_string_value(json_object_get(r->value, key));
}

/* The names of an enum, as errors list them. */
static char *list_of(const char *(*name)(int), int count)
{
    struct strbuf b = {0};
    for (int i = 0; i < count; i++)
        strbuf_format(&b, "%s%s", i > 0 ? ", " : "", name(i));
    return strbuf_take(&b);
}

static const char *quality_name(int i)
{
    return gw_quality_name((enum gw_quality)i);
}

static const char *reason_name(int i)
{
    return gw_reason_name((enum gw_reason)i);
}

/* Reads the word under @key; absent: @fallback. */
static int read_word(const struct replay *r, const char *key, const char *(*name)(int),
                     int count, int fallback, uint8_t *ret)
{
    const char *word = text_of(r, key);
    if (!json_object_get(r->value, key)) {
        *ret = (uint8_t)fallback;
        return 0;
    }
    for (int i = 0; word && i < count; i++)
        if (strcmp(name(i), word) == 0) {
            *ret = (uint8_t)i;
            return 0;
        }
    char what[32];
    (void)snprintf(what, sizeof(what), "unknown %s", key);
    char *allowed = list_of(name, count);
    int error = fail(r, what, word ? word : "?", allowed ? allowed : "");
    free(allowed);
    return error;
}

static int read_state(const struct replay *r, const struct point_entry *entry,
                      const char *word, double *ret)
{
    const struct gw_map *states = &entry->metric->states;
    for (size_t i = 0; i < states->count; i++)
        if (strcmp(states->keys[i], word) == 0) {
            *ret = states->values[i];
            return 0;
        }
    return fail(r, "no such state", word, "a number, or a word of the metric's states");
}

static int read_value(const struct replay *r, const struct point_entry *entry,
                      bool is_bad, double *ret)
{
    const json_t *v = json_object_get(r->value, "v");
    if (json_is_number(v))
        *ret = json_number_value(v);
    else if (json_is_boolean(v))
        *ret = json_is_true(v) ? 1 : 0;
    else if (json_is_string(v))
        return read_state(r, entry, json_string_value(v), ret);
    else if (is_bad && (!v || json_is_null(v)))
        *ret = NAN;
    else
        return fail(r, "v", NULL, "a number, true, false or a state's word");
    return 0;
}

static int read_reading(const struct replay *r, const struct point_entry *entry,
                        struct gw_reading *ret)
{
    int error = read_word(r, "q", quality_name, GW_BAD + 1, GW_GOOD, &ret->quality);
    int fallback = ret->quality == GW_GOOD ? GW_REASON_NONE : GW_REASON_DEVICE;
    if (error == 0)
        error = read_word(r, "reason", reason_name, GW_REASONS, fallback, &ret->reason);
    return error == 0 ? read_value(r, entry, ret->quality == GW_BAD, &ret->value) : error;
}

/* The daemon's word on itself, which here the file gives. */
static bool is_gateway(const struct point_entry *entry)
{
    return !entry->config && strcmp(entry->object, "gateway") == 0;
}

static int feed(struct replay *r)
{
    const char *name = text_of(r, "point");
    const struct point_entry *entry =
        name ? point_table_named(pipeline_points(r->pipeline), name) : NULL;
    if (!entry)
        return fail(r, "unknown point", name ? name : "?",
                    "a point of the configuration, place/metric[.name]");
    if (!entry->config && !is_gateway(entry))
        return fail(r, "derived point", name, "give the points it is made of");

    struct gw_reading reading = {
        .point = entry->id, .time_us = r->time_us, .source_us = GW_TIME_NONE};
    reading.flags = entry->metric->kind == METRIC_EVENT ? GW_EVENT : 0;
    int error = read_reading(r, entry, &reading);
    if (error == 0 && is_gateway(entry))
        pipeline_tell(r->pipeline, entry->name, reading.value, r->time_us);
    else if (error == 0)
        pipeline_reading(r->pipeline, &reading);
    return error;
}

static int copy_text(const struct replay *r, const char *key, bool is_needed, char *ret,
                     size_t size)
{
    const char *text = text_of(r, key);
    if (is_needed && !text)
        return fail(r, "missing key", key, "a text");
    if (text && strlen(text) >= size)
        return fail(r, "too long", key, "shorter");
    (void)snprintf(ret, size, "%s", text ? text : "");
    return 0;
}

/* Every "do" that is an operator's action. */
static int operate(struct replay *r, enum alarm_event event)
{
    struct alarm_command command = {.event = event};
    const char *until = text_of(r, "until");
    int error = copy_text(r, "alarm", true, command.id, sizeof(command.id));
    if (error == 0)
        error = copy_text(r, "by", true, command.actor, sizeof(command.actor));
    if (error == 0)
        error = copy_text(r, "comment", false, command.comment, sizeof(command.comment));
    if (error == 0 && event == ALARM_SHELVE
        && (!until || clock_parse(until, &command.until_us) < 0))
        error = fail(r, "shelve until", until ? until : "?",
                     "a time like 2026-11-23T08:20:00+08:00");
    if (error < 0)
        return error;

    struct gw_error err = {0};
    error = pipeline_operate(r->pipeline, &command, r->time_us, &err);
    if (error < 0 && r->ops && r->ops->refused) {
        r->ops->refused(r->ops->ctx);
        return 0;
    }
    return error == 0 ? 0
                      : gw_fail(r->err, error, "%s:%u: %s", r->name, r->line, err.text);
}

/* Every "do" that is about a day of the school. */
static int enter(struct replay *r)
{
    static const char *const others[] = {"t", NULL};
    struct campus_entry entry;
    struct gw_error err = {0};
    int error = entry_read(r->value, others, &entry, &err);
    if (error == 0)
        error = pipeline_enter(r->pipeline, &entry, r->time_us, &err);
    return error == 0 ? 0
                      : gw_fail(r->err, error, "%s:%u: %s", r->name, r->line, err.text);
}

/* The time that "to" says; without it, where it may be left out, none. */
static int read_to(const struct replay *r, const char *what, bool is_needed,
                   int64_t *ret_moved_us)
{
    const char *text = text_of(r, "to");
    int64_t to_us = r->time_us;
    if ((text || is_needed) && (!text || clock_parse(text, &to_us) < 0))
        return fail(r, what, text ? text : "?", "a time like 2026-11-23T08:20:00+08:00");
    *ret_moved_us = to_us - r->time_us;
    return 0;
}

/* Both hands of the clock. */
static void be_at(struct replay *r, int64_t time_us)
{
    r->time_us = time_us;
    clock_set(time_us - r->ahead_us, time_us);
}

/* The machine's hand goes on. */
static void set_clock(struct replay *r, int64_t moved_us)
{
    r->ahead_us += moved_us;
    be_at(r, r->time_us + moved_us);
}

static int go_down(struct replay *r, bool is_killed)
{
    struct replay_stop stop = {.is_killed = is_killed};
    if (!r->ops || !r->ops->restart)
        return fail(r, "restart", NULL, "not in this run");
    int error = read_to(r, "restart to", false, &stop.moved_us);
    if (error < 0)
        return error;
    pipeline_advance(r->pipeline, r->time_us);
    error = r->ops->restart(r->ops->ctx, &stop, r->time_us + stop.moved_us, &r->pipeline,
                            r->err);
    if (error == 0)
        set_clock(r, stop.moved_us);
    return error;
}

static int restart(struct replay *r, enum alarm_event unused)
{
    (void)unused;
    return go_down(r, false);
}

static int kill_it(struct replay *r, enum alarm_event unused)
{
    (void)unused;
    return go_down(r, true);
}

static int reload(struct replay *r, enum alarm_event unused)
{
    (void)unused;
    if (!r->ops || !r->ops->reload)
        return fail(r, "reload", NULL, "not in this run");
    pipeline_advance(r->pipeline, r->time_us);
    return r->ops->reload(r->ops->ctx, r->time_us, &r->pipeline, r->err);
}

/* The wall clock is set, as the daemon meets it. */
static int clock_step(struct replay *r, enum alarm_event unused)
{
    (void)unused;
    int64_t moved_us = 0;
    int error = read_to(r, "clock-step to", true, &moved_us);
    if (error < 0)
        return error;
    set_clock(r, moved_us);
    pipeline_clock_set(r->pipeline, moved_us, r->time_us);
    return 0;
}

static int end(struct replay *r, enum alarm_event unused)
{
    (void)unused;
    pipeline_advance(r->pipeline, r->time_us);
    r->has_ended = true;
    return 0;
}

static const struct action {
    const char *name;
    int (*run)(struct replay *r, enum alarm_event event);
    enum alarm_event event;
} actions[] = {
    {"acknowledge", operate, ALARM_ACKNOWLEDGE},
    {"reset", operate, ALARM_RESET},
    {"shelve", operate, ALARM_SHELVE},
    {"unshelve", operate, ALARM_UNSHELVE},
    {"restart", restart, 0},
    {"kill", kill_it, 0},
    {"reload", reload, 0},
    {"clock-step", clock_step, 0},
    {"end", end, 0},
};
enum { ACTIONS = sizeof(actions) / sizeof(actions[0]) };

static const char *action_name(int i)
{
    return actions[i].name;
}

static const struct gw_command_info *command_info(const struct replay *r,
                                                  const char *name)
{
    const struct gw_command_info *const *all = pipeline_commands(r->pipeline);
    while (name && *all && strcmp((*all)->name, name) != 0)
        all++;
    return name ? *all : NULL;
}

/* Who gives it has the least role that may, unless the line says "role". */
static int check_role(const struct replay *r, const struct gw_command_info *info)
{
    static const char *const roles[] = {"viewer", "guard", "leader", "engineer", "admin"};
    const char *role = text_of(r, "role");
    size_t i = 0;
    if (!json_object_get(r->value, "role"))
        return 0;
    while (role && i <= GW_ROLE_ADMIN && strcmp(roles[i], role) != 0)
        i++;
    if (!role || i > GW_ROLE_ADMIN)
        return fail(r, "role", role ? role : "?",
                    "viewer, guard, leader, engineer, admin");
    return i < info->role ? fail(r, "not allowed to a", role, roles[info->role]) : 0;
}

static int read_command(const struct replay *r, const struct gw_command_info *info,
                        struct gw_command *ret)
{
    const char *until = text_of(r, "until");
    *ret = (struct gw_command){.until_us = GW_TIME_NONE};
    int error = check_role(r, info);
    if (error == 0)
        error = copy_text(r, "do", true, ret->name, sizeof(ret->name));
    if (error == 0)
        error = copy_text(r, "target", false, ret->target, sizeof(ret->target));
    if (error == 0)
        error = copy_text(r, "value", false, ret->value, sizeof(ret->value));
    if (error == 0)
        error = copy_text(r, "by", false, ret->actor, sizeof(ret->actor));
    if (error == 0)
        error = copy_text(r, "comment", false, ret->comment, sizeof(ret->comment));
    if (error == 0 && until && clock_parse(until, &ret->until_us) < 0)
        error = fail(r, "until", until, "a time like 2026-11-23T08:20:00+08:00");
    return error;
}

static int order(struct replay *r, const struct gw_command_info *info)
{
    struct gw_command command;
    struct gw_error err = {0};
    char *answer = NULL;
    int error = read_command(r, info, &command);
    if (error < 0)
        return error;
    error = pipeline_command(r->pipeline, &command, r->time_us, &answer, &err);
    if (answer && r->ops && r->ops->answer)
        r->ops->answer(r->ops->ctx, command.name, answer, r->time_us);
    free(answer);
    return error == 0 ? 0
                      : gw_fail(r->err, error, "%s:%u: %s", r->name, r->line, err.text);
}

static int act(struct replay *r)
{
    uint8_t index = 0;
    const struct gw_command_info *info = command_info(r, text_of(r, "do"));
    if (info)
        return order(r, info);
    int error = read_word(r, "do", action_name, ACTIONS, 0, &index);
    return error == 0 ? actions[index].run(r, actions[index].event) : error;
}

static int check_keys(const struct replay *r, const char *const *keys)
{
    const char *key = NULL;
    json_t *ignored = NULL;
    json_object_foreach(r->value, key, ignored)
    {
        size_t i = 0;
        while (keys[i] && strcmp(keys[i], key) != 0)
            i++;
        if (!keys[i])
            return fail(r, "unknown key", key,
                        "t point v q reason, or t do alarm target value by role "
                        "comment until to");
    }
    return 0;
}

/* Time without a line passes all the same, day by day: more at once the pipeline takes
 * for a clock that was set, and runs nothing of it. */
static void pass_days(struct replay *r, int64_t time_us)
{
    while (time_us - r->time_us > day_us) {
        be_at(r, r->time_us + day_us);
        pipeline_advance(r->pipeline, r->time_us);
    }
}

static int read_time(struct replay *r)
{
    const char *text = text_of(r, "t");
    int64_t time_us = 0;
    if (!text || clock_parse(text, &time_us) < 0)
        return fail(r, "t", text ? text : "?", "a time like 2026-11-23T08:20:00+08:00");
    if (r->is_started && time_us < r->time_us)
        return fail(r, "out of order", text, "not before the line above");
    if (r->is_started && time_us - r->time_us > GAP_DAYS_MAX * day_us)
        return fail(r, "too long after the line above:", text,
                    "at most 183 days; hours that never were are a clock-step");
    if (r->is_started)
        pass_days(r, time_us);
    be_at(r, time_us);
    if (!r->is_started)
        pipeline_start(r->pipeline, time_us);
    r->is_started = true;
    return 0;
}

static int run_object(struct replay *r)
{
    static const char *const feed_keys[] = {"t", "point", "v", "q", "reason", NULL};
    static const char *const act_keys[] = {"t",     "do", "alarm", "target",
                                           "value", "by", "role",  "comment",
                                           "until", "to", NULL};
    bool is_action = json_object_get(r->value, "do") != NULL;
    if (!is_action && !json_object_get(r->value, "point"))
        return fail(r, "nothing to do", NULL, "a line has \"point\" or \"do\"");
    bool is_entry = entry_is_name(text_of(r, "do")); /* and its keys its own */
    int error = is_entry ? 0 : check_keys(r, is_action ? act_keys : feed_keys);
    if (error == 0)
        error = read_time(r);
    if (error == 0)
        error = is_entry ? enter(r) : is_action ? act(r) : feed(r);
    return error;
}

static int run_line(struct replay *r, const char *text, size_t size)
{
    size_t blank = strspn(text, " \t\r\n");
    if (text[blank] == '\0' || text[blank] == '#')
        return 0;
    if (r->has_ended)
        return fail(r, "a line after", "end", "end is the last");
    if (size > REPLAY_LINE_MAX)
        return fail(r, "the line is too long", NULL, "at most 65536 bytes");
    json_error_t fault;
    r->value = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
    int error = json_is_object(r->value)
                    ? run_object(r)
                    : fail(r, "not a JSON object", r->value ? NULL : fault.text,
                           "one object a line");
    json_decref(r->value);
    r->value = NULL;
    return error;
}

int replay_run(FILE *in, const char *name, struct pipeline *p,
               const struct replay_ops *ops, struct gw_error *err)
{
    struct replay r = {.name = name, .pipeline = p, .ops = ops, .err = err};
    char *text = NULL;
    size_t room = 0;
    int error = 0;
    for (ssize_t size; error == 0 && (size = getline(&text, &room, in)) >= 0;) {
        r.line++;
        error = run_line(&r, text, (size_t)size);
    }
    if (error == 0 && ferror(in))
        error = gw_fail(err, -EIO, "%s:%u: cannot be read", name, r.line);
    free(text);
    return error;
}
