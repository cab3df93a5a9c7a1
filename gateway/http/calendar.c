/* calendar.c - a day as the gateway sees it, and what people enter about one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "campus/campus.h"
#include "campus/entry_clash.h"
#include "campus/entry_doubts.h"
#include "http/body.h"
#include "http/order.h"
#include "http/resource.h"
#include "http/server.h"

enum { PHASES_MAX = 96, LESSONS_MAX = 16, EXEMPTIONS_MAX = 96, CLOCK_SIZE = 24 };

static json_t *clock_json(const struct gw_campus *campus, int64_t time_us)
{
    const struct gw_local at = gw_campus_local(campus, time_us);
    char text[CLOCK_SIZE];
    (void)snprintf(text, sizeof(text), "%02d:%02d", at.hour, at.minute);
    return json_string(text);
}

static json_t *seconds_json(int32_t second_s)
{
    char text[CLOCK_SIZE];
    (void)snprintf(text, sizeof(text), "%02d:%02d", second_s / 3600, second_s / 60 % 60);
    return json_string(text);
}

/* phases_json - within the day: what reaches beyond it is cut. */
static json_t *phases_json(const struct gw_campus *campus, const char *class_id,
                           const struct campus_day *day)
{
    struct gw_phase phases[PHASES_MAX];
    size_t count = gw_campus_phases(campus, class_id, day->noon_us, phases, PHASES_MAX);
    json_t *list = json_array();
    for (size_t i = 0; i < count && i < PHASES_MAX; i++) {
        bool is_first = phases[i].start_us < day->start_us;
        bool is_last = phases[i].end_us >= day->end_us;
        json_t *start = clock_json(campus, is_first ? day->start_us : phases[i].start_us);
        json_t *end =
            is_last ? json_string("24:00") : clock_json(campus, phases[i].end_us);
        json_t *row = json_pack("{s:s, s:o, s:o}", "phase", gw_phase_name(phases[i].kind),
                                "start", start, "end", end);
        if (phases[i].lesson > 0)
            (void)json_object_set_new(row, "lesson", json_integer(phases[i].lesson));
        (void)json_array_append_new(list, row);
    }
    return list;
}

static json_t *lessons_json(const struct gw_campus *campus, const char *class_id,
                            const struct campus_day *day)
{
    struct gw_lesson lessons[LESSONS_MAX];
    size_t count =
        gw_campus_lessons(campus, class_id, day->noon_us, lessons, LESSONS_MAX);
    json_t *list = json_array();
    for (size_t i = 0; i < count && i < LESSONS_MAX; i++) {
        const struct gw_lesson *at = &lessons[i];
        const struct gw_text *title =
            at->subject ? campus_subject_title(campus, at->subject) : NULL;
        (void)json_array_append_new(
            list, json_pack("{s:i, s:o, s:o, s:s, s:o, s:o, s:o, s:b}", "lesson",
                            (int)at->number, "subject", resource_string(at->subject),
                            "title", title ? resource_title(title) : json_null(), "kind",
                            gw_subject_kind_name(at->subject_kind), "place",
                            resource_string(at->place_id), "start",
                            clock_json(campus, at->start_us), "end",
                            clock_json(campus, at->end_us), "changed", at->is_changed));
    }
    return list;
}

static json_t *classes_json(const struct gw_campus *campus, const struct campus_day *day)
{
    size_t count = 0;
    const struct gw_class *classes = gw_campus_classes(campus, &count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct gw_class *class = &classes[i];
        const struct gw_class_day entered =
            gw_campus_class_day(campus, class->id, day->noon_us);
        (void)json_array_append_new(
            list, json_pack("{s:s, s:o, s:i, s:o, s:o, s:o}", "id", class->id, "title",
                            resource_title(&class->title), "enrolled",
                            (int)class->enrolled, "leave", resource_number(entered.leave),
                            "entered", resource_number(entered.entered), "lessons",
                            lessons_json(campus, class->id, day)));
    }
    return list;
}

/* stages_json - the phases of each stage that has a class, by its first one. */
static json_t *stages_json(const struct gw_campus *campus, const struct campus_day *day)
{
    size_t count = 0;
    const struct gw_class *classes = gw_campus_classes(campus, &count);
    json_t *stages = json_object();
    for (size_t i = 0; i < count; i++) {
        const char *stage = gw_stage_name(classes[i].stage);
        if (!json_object_get(stages, stage))
            (void)json_object_set_new(stages, stage,
                                      phases_json(campus, classes[i].id, day));
    }
    return stages;
}

static json_t *exemptions_json(const struct gw_campus *campus,
                               const struct campus_day *day)
{
    struct day_exemption rows[EXEMPTIONS_MAX];
    size_t count =
        day_book_exemptions(campus_book(campus), day->day, rows, EXEMPTIONS_MAX);
    json_t *list = json_array();
    for (size_t i = 0; i < count && i < EXEMPTIONS_MAX; i++) {
        const char *origin = rows[i].origin;
        (void)json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:o, s:s*}", "reason",
                      rows[i].bits & GW_EXEMPT_RAIN ? "rain" : "pollution", "from",
                      seconds_json(rows[i].from_s), "until", seconds_json(rows[i].to_s),
                      "origin", *origin ? origin : NULL));
    }
    return list;
}

static json_t *day_json(const struct gw_campus *campus, const struct campus_day *day)
{
    const struct gw_local at = gw_campus_local(campus, day->noon_us);
    char date[3 * CLOCK_SIZE];
    (void)snprintf(date, sizeof(date), "%04d-%02d-%02d", at.year, at.month, at.day);
    return json_pack("{s:s, s:i, s:s, s:o, s:o, s:o, s:o, s:o}", "day", date, "weekday",
                     at.weekday, "kind", gw_day_name(gw_campus_day(campus, day->noon_us)),
                     "week", day->week > 0 ? json_integer(day->week) : json_null(),
                     "season", resource_string(day->season), "phases",
                     stages_json(campus, day), "exemptions", exemptions_json(campus, day),
                     "classes", classes_json(campus, day));
}

void calendar_answer(struct request *request, struct reply *reply)
{
    struct sources_hold hold;
    struct campus_day day;
    char text[REQUEST_VALUE_MAX];
    const char *date = request_value(request, "day", text) ? text : NULL;
    sources_use(&request->http->sources, &hold);
    const struct gw_campus *campus = hold.sources.campus;
    bool is_day = campus && campus_day(campus, date, clock_school_us(), &day);
    json_t *answer = is_day ? day_json(campus, &day) : NULL;
    sources_done(&request->http->sources, &hold);
    if (is_day)
        reply_json(reply, answer);
    else
        reply_problem(reply, 422, NULL, "day: '%s' is no date such as 2026-11-23",
                      date ? date : "");
}

/* calendar_check_answer - as campus_print_check() says it. */
void calendar_check_answer(struct request *request, struct reply *reply)
{
    struct sources_hold hold;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    sources_use(&request->http->sources, &hold);
    const struct http_sources *s = &hold.sources;
    if (out && s->campus && s->config && s->faults)
        campus_print_check(s->campus, s->config, s->faults, clock_school_us(), out);
    sources_done(&request->http->sources, &hold);
    bool is_good = out && fclose(out) == 0;
    reply_json(reply, is_good ? json_pack("{s:o}", "lines", reply_lines(text)) : NULL);
    free(text);
}

/* entered - for the answer.
 * told  what is hardly meant of it */
struct entered {
    struct campus_entry entry;
    struct entry_refusals told;
};

/* add_clashes - of what is in the day book now. */
static void add_clashes(struct request *request, struct entered *e)
{
    struct sources_hold hold;
    struct entry_clash clashes[ENTRY_CLASHES_MAX];
    size_t count = 0;
    sources_use(&request->http->sources, &hold);
    const struct http_sources *s = &hold.sources;
    if (s->campus && s->config)
        count =
            entry_clashes(s->campus, s->config, &e->entry, clock_school_us(), clashes);
    for (size_t i = 0; i < count; i++)
        entry_refuse(&e->told, clashes[i].key, 0, ENTRY_CLASH_FORMAT, clashes[i].room,
                     clashes[i].class_id, (unsigned)clashes[i].lesson);
    sources_done(&request->http->sources, &hold);
}

/* warnings_json - a line for each; NULL: none. */
static json_t *warnings_json(const struct entry_refusals *told)
{
    json_t *lines = told->count > 0 ? json_array() : NULL;
    for (size_t i = 0; i < told->count; i++)
        (void)json_array_append_new(lines, json_string(told->items[i].text));
    return lines;
}

static void calendar_entered(struct request *request, struct reply *reply)
{
    struct entered *e = request->kept;
    if (order_refused(request, reply))
        return;
    add_clashes(request, e);
    json_t *answer = json_pack("{s:s, s:s, s:o*}", "entry", entry_name(e->entry.kind),
                               "result", "entered", "warnings", warnings_json(&e->told));
    reply_json(reply, order_kept(request, answer));
}

/* keep_entry - with what is to be said of it before it is in the day book. */
static bool keep_entry(struct request *request, const struct campus_entry *entry)
{
    struct entered *kept = calloc(1, sizeof(*kept));
    struct sources_hold hold;
    if (!kept)
        return false;
    kept->entry = *entry;
    kept->told.is_chinese = entry->is_chinese;
    sources_use(&request->http->sources, &hold);
    if (hold.sources.campus && hold.sources.config)
        entry_doubts(hold.sources.campus, hold.sources.config, entry, clock_school_us(),
                     &kept->told);
    if (hold.sources.campus)
        entry_doubt_again(hold.sources.campus, entry, clock_school_us(), &kept->told);
    sources_done(&request->http->sources, &hold);
    request->kept = kept;
    request->kept_free = free;
    return true;
}

/* calendar_post - one entry, its keys also as tables head them (班级); "by" as with every
 * action. */
void calendar_post(struct request *request, struct reply *reply)
{
    static const char *const fields[] = {"do",   "class",    "day",     "count", "lesson",
                                         "with", "with_day", "subject", "place", "reason",
                                         "from", "until",    "undo",    "by",    NULL};
    static const char *const others[] = {"by", NULL};
    const char *words[ENTRY_KEYS] = {NULL};
    struct campus_entry entry;
    struct entry_refusals refusals = {.is_chinese = request_is_chinese(request)};
    struct gw_error err = {0};
    char actor[GW_ACTOR_MAX] = "";
    for (int key = ENTRY_KEY_CLASS; key < ENTRY_KEYS; key++) /* not 登记: it is said */
        words[key - ENTRY_KEY_CLASS] = entry_key_word((enum entry_key)key, true);
    json_t *body = body_renamed(request, fields, refusals.is_chinese ? words : fields,
                                entry_rename, reply);
    if (!body)
        return;
    bool is_fine = body_actor(request, body, actor, reply);
    if (is_fine)
        (void)entry_read_all(body, others, 0, &entry, &refusals);
    json_decref(body);
    if (!is_fine)
        return;
    int r = entry_refused(&refusals, &err);
    if (r < 0) {
        body_refused(r, &err, reply);
        return;
    }
    if (!keep_entry(request, &entry)) {
        reply_problem(reply, 500, NULL, "out of memory");
        return;
    }
    const struct http_ops *ops = &request->http->ops;
    const struct outcome_to to = order_begin(request, calendar_entered);
    order_given(request, ops->enter(ops->ctx, &entry, actor, &to, &err), &err);
}
