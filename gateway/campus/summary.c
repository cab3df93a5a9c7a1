/* summary.c - what a check made of the school, in two lines. */
#include "campus/campus.h"
#include "campus/school.h"

static void print_stages(const struct gw_campus *c, FILE *out)
{
    const char *before = " (";
    for (int stage = 0; stage < GW_STAGES; stage++) {
        size_t count = 0;
        for (size_t i = 0; i < c->class_count; i++)
            count += (int)c->classes[i].stage == stage;
        if (count == 0)
            continue;
        (void)fprintf(out, "%s%s %zu", before, stage_names[stage], count);
        before = ", ";
    }
    (void)fprintf(out, "%s", c->class_count > 0 ? ")" : "");
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

void campus_print_summary(const struct gw_campus *c, FILE *out)
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
    (void)fprintf(out, "school: %zu classes", c->class_count);
    print_stages(c, out);
    (void)fprintf(out, ", %zu with a room, %u pupils; %zu places\n", at_home,
                  (unsigned)enrolled, c->place_count);
    (void)fprintf(out, "timetable: %zu classes, %zu lessons a week\n", taught, lessons);
}
