#include "http/alarms.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "gw/campus.h"
#include "http/resource.h"
#include "http/server.h"

json_t *alarm_json(const struct alarm_row *row, int offset_s)
{
    return json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:b, s:b, s:I, s:I, s:I, s:o, "
        "s:o, s:o, s:o, s:o, s:o, s:s}",
        "id", row->id, "rule", row->rule, "object", row->object, "object_title",
        resource_title(&row->place), "title", resource_title(&row->title), "action",
        resource_title(&row->action), "basis", resource_string(row->basis), "severity",
        gw_severity_name(row->severity), "state", gw_alarm_state_name(row->state),
        "active", row->is_active, "test", row->is_test, "uid", (json_int_t)row->uid,
        "seq", (json_int_t)row->seq, "raised", (json_int_t)row->raised, "value",
        resource_number(row->value), "raised_at", resource_time(row->raised_us, offset_s),
        "changed_at", resource_time(row->changed_us, offset_s), "actor",
        resource_string(row->actor), "comment", resource_string(row->comment),
        "raised_value", resource_number(row->raised_value), "unit",
        row->unit ? row->unit : "");
}

char *http_alarm_event(const struct gw_transition *transition, int offset_s)
{
    char id[2 * GW_ID_MAX];
    (void)snprintf(id, sizeof(id), "%s@%s", transition->rule, transition->object);
    json_t *event = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:b}", "id",
        id, "rule", transition->rule, "object", transition->object, "severity",
        gw_severity_name(transition->severity), "from",
        gw_alarm_state_name(transition->from), "to", gw_alarm_state_name(transition->to),
        "cause", transition->cause, "actor", resource_string(transition->actor),
        "comment", resource_string(transition->comment), "value",
        resource_number(transition->value), "time",
        resource_time(transition->time_us, offset_s), "uid", (json_int_t)transition->uid,
        "seq", (json_int_t)transition->seq, "test", transition->is_test);
    char *text = event ? json_dumps(event, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(event);
    return text;
}

/* alarms_list - NULL: out of memory. */
static json_t *alarms_list(const struct http_sources *sources, bool all)
{
    struct arena *arena = NULL;
    if (arena_new(&arena) < 0)
        return NULL;
    struct alarm_row *rows = NULL;
    size_t count = alarms_snapshot(sources->alarms, all, arena, &rows);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, alarm_json(&rows[i], sources->offset_s));
    arena_free(arena);
    return json_pack("{s:o, s:o}", "alarms", list, "school_time",
                     resource_time(clock_school_us(), sources->offset_s));
}

/* alarms_all - the parameter's value; alarms in force only unless it says so. */
static bool alarms_all(struct request *request, bool *ret, struct reply *reply)
{
    static const char *const words[] = {"1", "true", "0", "false", NULL};
    enum { YES = 2 };
    char text[REQUEST_VALUE_MAX] = "false";
    (void)request_value(request, "all", text);
    size_t i = 0;
    while (words[i] && strcmp(words[i], text) != 0)
        i++;
    *ret = i < YES;
    if (!words[i])
        reply_problem(reply, 422, words, "all: '%s' is neither yes nor no", text);
    return words[i] != NULL;
}

void alarms_answer(struct request *request, struct reply *reply)
{
    bool all = false;
    if (!alarms_all(request, &all, reply))
        return;
    struct sources_hold hold;
    sources_use(&request->http->sources, &hold);
    json_t *list = alarms_list(&hold.sources, all);
    sources_done(&request->http->sources, &hold);
    reply_json(reply, list);
}
