/* summary.c - what a check made of the school, and what it found. */
#include <stdarg.h>
#include <string.h>

#include "campus/campus.h"
#include "campus/civil.h"
#include "campus/school.h"

/* A plan should reach this far. */
enum { PLAN_DAYS = 28 };

/* print - @english and its translations take the same. */
static void __attribute__((format(printf, 3, 4)))
print(const struct config_faults *faults, FILE *out, const char *english, ...)
{
    va_list args;
    va_start(args, english);
    (void)vfprintf(out, config_faults_say(faults, english), args);
    va_end(args);
}

static void print_stages(const struct gw_campus *c, const struct config_faults *faults,
                         FILE *out)
{
    const char *before = config_faults_say(faults, " (");
    for (int stage = 0; stage < GW_STAGES; stage++) {
        size_t count = 0;
        for (size_t i = 0; i < c->class_count; i++)
            count += (int)c->classes[i].stage == stage;
        if (count == 0)
            continue;
        (void)fprintf(out, "%s%s %zu", before,
                      config_faults_say(faults, stage_names[stage]), count);
        before = config_faults_say(faults, ", ");
    }
    print(faults, out, "%s", c->class_count > 0 ? config_faults_say(faults, ")") : "");
}

/* lessons_a_week - of @class, in odd weeks. */
static size_t lessons_a_week(const struct gw_campus *c, size_t class)
{
    size_t lessons = 0;
    for (int day = 1; day <= TIMETABLE_WEEKDAYS; day++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            lessons +=
                timetable_cell(&c->timetable, class, day, number, false).subject > 0;
    return lessons;
}

static void print_made(const struct gw_campus *c, const struct config_faults *faults,
                       FILE *out)
{
    size_t at_home = 0;
    size_t taught = 0;
    size_t lessons = 0;
    uint32_t enrolled = 0;
    for (size_t i = 0; i < c->class_count; i++) {
        bool has_rows = c->timetable.has_rows && c->timetable.has_rows[i];
        enrolled += c->classes[i].enrolled;
        at_home += c->classes[i].place_id != NULL;
        taught += has_rows;
        lessons += has_rows ? lessons_a_week(c, i) : 0;
    }
    print(faults, out, "school: %zu classes", c->class_count);
    print_stages(c, faults, out);
    print(faults, out, ", %zu with a room, %u pupils; %zu places\n", at_home,
          (unsigned)enrolled, c->place_count);
    print(faults, out, "timetable: %zu classes, %zu lessons a week\n", taught, lessons);
}

static bool has_sensor(const struct config *config, const struct gw_class *class)
{
    for (size_t i = 0; i < config->point_count; i++)
        if ((class->place_id && strcmp(config->points[i].place, class->place_id) == 0)
            || strcmp(config->points[i].place, class->id) == 0)
            return true;
    return false;
}

static void print_without_sensor(const struct gw_campus *c, const struct config *config,
                                 const struct config_faults *faults, FILE *out)
{
    const char *before = "note: no sensor in the room of ";
    bool has_any = false;
    for (size_t i = 0; i < c->class_count; i++) {
        if (has_sensor(config, &c->classes[i]))
            continue;
        (void)fprintf(out, "%s%s", config_faults_say(faults, before), c->classes[i].id);
        before = ", ";
        has_any = true;
    }
    if (has_any)
        print(faults, out, " (what is counted or measured there is not judged)\n");
}

/* print_followed - of a school of several stages. */
static void print_followed(const struct gw_campus *c, const struct config_faults *faults,
                           FILE *out)
{
    const uint32_t stages = gw_campus_stages(c);
    if ((stages & (stages - 1)) != 0)
        print(faults, out,
              "note: places without a class follow the bells of %s (school.stage of "
              "gateway.yaml; stage at a place, 学段 in rooms.csv)\n",
              config_faults_say(faults, stage_names[c->stage]));
}

/* print_end - after the last term everything is holiday, and nothing is judged. */
static void print_end(const struct gw_campus *c, const struct config_faults *faults,
                      int64_t time_us, FILE *out)
{
    const struct calendar *calendar = &c->calendar;
    if (calendar->term_count == 0)
        return;
    const struct calendar_span *last = &calendar->terms[calendar->term_count - 1];
    const struct civil_date end = civil_date(last->to);
    int64_t days = last->to - school_day(c, time_us);
    if (days >= PLAN_DAYS)
        return;
    print(faults, out,
          "%s:%d:%d: note: calendar.terms: the last term %s on %04d-%02d-%02d and "
          "nothing is planned after it (wanted: the next one)\n",
          last->mark.file, last->mark.line, last->mark.column,
          config_faults_say(faults, days < 0 ? "ended" : "ends"), end.year, end.month,
          end.day);
}

void campus_print_summary(const struct gw_campus *c, const struct config *config,
                          const struct config_faults *faults, int64_t time_us, FILE *out)
{
    print_end(c, faults, time_us, out);
    print_without_sensor(c, config, faults, out);
    print_followed(c, faults, out);
    print_made(c, faults, out);
}

void campus_print_check(const struct gw_campus *c, const struct config *config,
                        const struct config_faults *faults, int64_t time_us, FILE *out)
{
    static const char *const files[] = {"campus.yaml", "classes.csv", "rooms.csv",
                                        "timetable.csv", NULL};
    config_faults_print_of(faults, files, out);
    campus_print_summary(c, config, faults, time_us, out);
}
