/* replay_print.c - what a replay says: transitions and facts as JSON lines. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "campus/civil.h"
#include "facts/fact_span.h"
#include "pipeline/replay.h"

/* Ten digits: 21.3 stays 21.3. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(10))

/* Whole numbers without ".0", no number as null. */
static json_t *number(double value)
{
    if (!isfinite(value))
        return json_null();
    if (value == nearbyint(value) && fabs(value) < 1e15)
        return json_integer((json_int_t)value);
    return json_real(value);
}

static json_t *local_time(int64_t time_us, int offset_s)
{
    char text[CLOCK_TEXT_MAX];
    clock_format(time_us, offset_s, text);
    return json_string(text);
}

static json_t *transition_line(const struct gw_transition *t, int offset_s)
{
    json_t *line = json_object();
    (void)json_object_set_new(line, "t", local_time(t->time_us, offset_s));
    (void)json_object_set_new(line, "rule", json_string(t->rule));
    (void)json_object_set_new(line, "object", json_string(t->object));
    (void)json_object_set_new(line, "from", json_string(gw_alarm_state_name(t->from)));
    (void)json_object_set_new(line, "to", json_string(gw_alarm_state_name(t->to)));
    (void)json_object_set_new(line, "value", number(t->value));
    (void)json_object_set_new(line, "cause", json_string(t->cause));
    if (t->is_test)
        (void)json_object_set_new(line, "test", json_true());
    if (t->actor[0])
        (void)json_object_set_new(line, "by", json_string(t->actor));
    return line;
}

static json_t *fact_line(const struct gw_fact *f, int offset_s)
{
    json_t *line = json_object();
    (void)json_object_set_new(line, "t", local_time(f->time_us, offset_s));
    (void)json_object_set_new(line, "fact", json_string(f->kind));
    if (f->rule)
        (void)json_object_set_new(line, "rule", json_string(f->rule));
    (void)json_object_set_new(line, "object", json_string(f->object));
    for (size_t i = 0; i < f->count; i++) {
        const struct gw_fact_value *v = &f->values[i];
        (void)json_object_set_new(line, v->name,
                                  v->text ? json_string(v->text) : number(v->value));
    }
    (void)json_object_set_new(line, "completeness", number(f->completeness));
    return line;
}

/* What the county gets of a day, week or month. */
static json_t *told_line(const struct gw_fact *f, int offset_s)
{
    static const char prefix[] = "missing.";
    const size_t size = sizeof(prefix) - 1;
    char date[FACT_DATE_MAX];
    json_t *line = json_object();
    json_t *missing = json_object();
    fact_date(civil_floor(f->start_us / 1000000 + offset_s, CIVIL_DAY_S), date);
    (void)json_object_set_new(line, "t", local_time(f->time_us, offset_s));
    (void)json_object_set_new(line, gw_period_name(f->period), json_string(f->kind));
    (void)json_object_set_new(line, "object", json_string(f->object));
    (void)json_object_set_new(line, "start", json_string(date));
    (void)json_object_set_new(line, "revision", json_integer(f->revision));
    for (size_t i = 0; i < f->count; i++) {
        const struct gw_fact_value *v = &f->values[i];
        bool is_missing = strncmp(v->name, prefix, size) == 0;
        (void)json_object_set_new(is_missing ? missing : line,
                                  v->name + (is_missing ? size : 0),
                                  v->text ? json_string(v->text) : number(v->value));
    }
    (void)json_object_set_new(line, "completeness", number(f->completeness));
    (void)json_object_set_new(line, "missing", missing);
    return line;
}

static void print_line(FILE *out, json_t *line)
{
    if (json_dumpf(line, out, DUMP_FLAGS) == 0)
        (void)fputc('\n', out);
    json_decref(line);
}

void replay_print_output(FILE *out, const struct output_command *command, int offset_s)
{
    json_t *line = json_object();
    (void)json_object_set_new(line, "t", local_time(command->time_us, offset_s));
    (void)json_object_set_new(line, "output", json_string(command->name));
    (void)json_object_set_new(line, "point", json_string(command->point->name));
    (void)json_object_set_new(line, "value", json_integer(command->is_on));
    print_line(out, line);
}

void replay_print(FILE *out, const struct gw_record *record, int offset_s)
{
    json_t *line = NULL;
    if (record->kind == GW_RECORD_TRANSITION)
        line = transition_line(&record->transition, offset_s);
    else if (record->kind == GW_RECORD_FACT && record->fact.period != GW_PERIOD_NONE)
        line = told_line(&record->fact, offset_s);
    else if (record->kind == GW_RECORD_FACT)
        line = fact_line(&record->fact, offset_s);
    if (line)
        print_line(out, line);
}

void replay_print_answer(FILE *out, const char *name, const char *json, int64_t time_us,
                         int offset_s)
{
    json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
    json_t *line = json_object();
    (void)json_object_set_new(line, "t", local_time(time_us, offset_s));
    (void)json_object_set_new(line, "command", json_string(name));
    (void)json_object_set_new(line, "answer", value ? value : json_string(json));
    (void)json_dumpf(line, out, DUMP_FLAGS);
    (void)fputc('\n', out);
    json_decref(line);
}
