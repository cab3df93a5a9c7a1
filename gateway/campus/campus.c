#include "campus/campus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "campus/bell_doubts.h"
#include "campus/civil.h"
#include "campus/names.h"
#include "campus/school.h"

static const int64_t SECOND_US = 1000000;

/* campus_sections - campus.yaml as written. */
struct campus_sections {
    const char *timezone;
    const struct config_node *school, *stages, *places, *classes, *subjects;
    const struct config_node *bells, *seasons, *calendar;
    bool is_whole; /* nothing that other files name is lost in it */
};

#define SECTION(field) offsetof(struct campus_sections, field)
static const struct gw_option campus_options[] = {
    {.name = "timezone",
     .type = GW_OPT_STRING,
     .offset = SECTION(timezone),
     .fallback = "Asia/Shanghai",
     .help = "IANA name, or +08:00"},
    {.name = "school",
     .type = GW_OPT_NODE,
     .offset = SECTION(school),
     .help = "figures of the school as a whole"},
    {.name = "stages",
     .type = GW_OPT_NODE,
     .offset = SECTION(stages),
     .help = "what the policy says of primary, junior, senior"},
    {.name = "places",
     .type = GW_OPT_NODE,
     .offset = SECTION(places),
     .help = "rooms, gates, corridors"},
    {.name = "classes",
     .type = GW_OPT_NODE,
     .offset = SECTION(classes),
     .help = "classes and their rosters' size"},
    {.name = "subjects",
     .type = GW_OPT_NODE,
     .offset = SECTION(subjects),
     .help = "what is taught; timetable.csv says when"},
    {.name = "bells",
     .type = GW_OPT_NODE,
     .offset = SECTION(bells),
     .help = "the school day of each stage"},
    {.name = "seasons",
     .type = GW_OPT_NODE,
     .offset = SECTION(seasons),
     .help = "parts of the year with bells of their own"},
    {.name = "calendar",
     .type = GW_OPT_NODE,
     .offset = SECTION(calendar),
     .help = "days that are not as their weekday says"},
    {0},
};

static const struct gw_option stage_options[] = {
    {.name = "limit",
     .type = GW_OPT_UINT,
     .offset = offsetof(struct school_stage, limit),
     .required = true,
     .min = 1,
     .max = 200,
     .help = "pupils a class may have"},
    {.name = "first_lesson",
     .type = GW_OPT_CLOCK,
     .offset = offsetof(struct school_stage, first_lesson_s),
     .help = "not before this: 08:20 primary, 08:00 others"},
    {.name = "lights_out",
     .type = GW_OPT_CLOCK,
     .offset = offsetof(struct school_stage, lights_out_s),
     .help = "not after this: 21:20 primary, 22:00 junior, 23:00 senior"},
    {.name = "service_end_from",
     .type = GW_OPT_CLOCK,
     .offset = offsetof(struct school_stage, service_from_s),
     .help = "after-school service ends not before this: 17:30"},
    {.name = "service_end_until",
     .type = GW_OPT_CLOCK,
     .offset = offsetof(struct school_stage, service_until_s),
     .help = "after-school service ends not after this: 18:00"},
    {0},
};

const struct gw_option by_stage_options[] = {
    {.name = "primary", .type = GW_OPT_NODE, .offset = 0 * sizeof(void *)},
    {.name = "junior", .type = GW_OPT_NODE, .offset = 1 * sizeof(void *)},
    {.name = "senior", .type = GW_OPT_NODE, .offset = 2 * sizeof(void *)},
    {0},
};

/* stages_load - limits and bells, each a mapping by stage. */
static void stages_load(struct gw_campus *c, struct config_source *src,
                        const struct campus_sections *s)
{
    const struct config_node *limits[GW_STAGES] = {0};
    const struct config_node *bells[GW_STAGES] = {0};

    bool are_stages_whole =
        config_fill(src, s->stages, "stages", by_stage_options, limits, NULL);
    bool are_bells_whole =
        config_fill(src, s->bells, "bells", by_stage_options, bells, NULL);
    for (int i = 0; i < GW_STAGES; i++) {
        const char *limit_path = arena_format(src->arena, "stages.%s", stage_names[i]);
        const char *bells_path = arena_format(src->arena, "bells.%s", stage_names[i]);
        struct school_stage *stage = &c->stages[i];
        stage->is_limit_told = !limits[i] && !are_stages_whole;
        stage->are_bells_told = !bells[i] && !are_bells_whole;
        stage->bells.is_faulty = stage->are_bells_told;
        stage->node = limits[i];
        if (limits[i] && limit_path)
            stage->is_limit_told =
                !config_fill(src, limits[i], limit_path, stage_options, stage, NULL);
        if (bells[i] && bells_path) {
            bells_load(src, bells[i], bells_path, &stage->bells);
            bells_doubt(src, bells[i], bells_path, &stage->bells, stage);
        }
        c->has_bells |= stage->bells.count > 0;
    }
}

/* school_stage_load - the stage of gateway.yaml's school; its other keys are read by
 * who reports them.  A campus without any bells is closed always. */
static void school_stage_load(struct gw_campus *c, struct config_source *src,
                              const struct config_node *gateway)
{
    static const struct gw_option option = {
        .name = "stage", .type = GW_OPT_ENUM, .choices = stage_names};
    const struct config_node *node =
        config_child(config_child(gateway, "school"), "stage");
    int stage = GW_PRIMARY;

    if (node)
        (void)config_read_option(src, node, "school", &option, &stage);
    c->stage = (enum gw_stage)stage;
    if (node && c->has_bells && c->stages[stage].bells.count == 0
        && !c->stages[stage].are_bells_told)
        config_fault(src->faults, config_where(node), "school.stage",
                     "'%s' has no bells (allowed: a stage with bells in campus.yaml)",
                     stage_names[stage]);
}

static int zone_load(struct gw_campus *c, struct config_source *src,
                     const struct config_node *root, const char *name)
{
    struct gw_error err = {0};
    int r = zone_new(name, &c->zone, &err);

    if (r == 0)
        return 0;
    config_fault(src->faults, config_where(config_child(root, "timezone")), "timezone",
                 "'%.60s' is no time zone that is known here (allowed: a name of "
                 "/usr/share/zoneinfo such as Asia/Shanghai, or +08:00)",
                 name);
    return r == -ENOMEM ? r : zone_new("UTC", &c->zone, &err);
}

/* titled - a list of what has ids and titles. */
struct titled {
    const void *items;
    size_t size;
    size_t count;
    size_t id;
    size_t title;
};

static const char *word_of(const struct titled *t, size_t index, int word)
{
    const char *item = (const char *)t->items + index * t->size;
    const struct gw_text *title = (const struct gw_text *)(item + t->title);
    if (word == 0)
        return *(const char *const *)(item + t->id);
    return word == 1 ? title->zh : title->en;
}

enum { WORDS = 3 };

/* several_put - titles that more than one has, such as 教室, name none. */
static int several_put(const struct titled *t, struct text_map *names)
{
    struct text_map *seen = NULL;
    int r = text_map_new(WORDS * t->count + 1, &seen);
    for (size_t i = 0; r == 0 && i < WORDS * t->count; i++) {
        uint32_t index = (uint32_t)(i / WORDS);
        const char *word = word_of(t, index, (int)(i % WORDS));
        r = word ? name_put(seen, word, index) : 0;
        if (r == -EEXIST && name_get(seen, word) != index)
            r = name_put(names, word, NAME_OF_SEVERAL);
        r = r == -EEXIST ? 0 : r;
    }
    text_map_free(seen);
    return r;
}

/* names_load - what people may call a place or a class: ids before titles. */
static int names_load(const struct titled *t, struct text_map **ret)
{
    int r = text_map_new(WORDS * t->count + 1, ret);
    for (size_t i = 0; r == 0 && i < t->count; i++)
        r = name_put(*ret, word_of(t, i, 0), (uint32_t)i) == -ENOMEM ? -ENOMEM : 0;
    if (r == 0)
        r = several_put(t, *ret);
    for (size_t i = 0; r == 0 && i < WORDS * t->count; i++) {
        const char *word = word_of(t, i / WORDS, (int)(i % WORDS));
        r = word ? name_put(*ret, word, (uint32_t)(i / WORDS)) : 0;
        r = r == -EEXIST ? 0 : r;
    }
    return r;
}

/* check_calendar - with errors elsewhere nobody knows what the timetable has. */
static void check_calendar(const struct gw_campus *c, struct config_source *src)
{
    bool is_taught[TIMETABLE_WEEKDAYS + 1];
    bool is_known = c->timetable.cells && config_faults_errors(src->faults) == 0;
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        is_taught[weekday] =
            is_known && timetable_has(&c->timetable, c->class_count, weekday);
    calendar_check(&c->calendar, src->faults, is_known ? is_taught : NULL);
}

/* week_load - what stands on everything else. */
static int week_load(struct gw_campus *c, struct config_source *src,
                     const struct campus_sections *sections, const struct config *config)
{
    const struct titled places = {c->places, sizeof(*c->places), c->place_count,
                                  offsetof(struct gw_place, id),
                                  offsetof(struct gw_place, title)};
    const struct titled classes = {c->classes, sizeof(*c->classes), c->class_count,
                                   offsetof(struct gw_class, id),
                                   offsetof(struct gw_class, title)};
    int r = names_load(&places, &c->place_names);
    if (r == 0)
        r = names_load(&classes, &c->class_names);
    if (r == 0)
        r = subjects_load(src, sections->subjects, &c->subjects);
    if (r == 0 && !config->has_lost_rooms) /* theirs may be the one that was told */
        subjects_place(c, src, config, sections->subjects);
    if (r == 0 && sections->is_whole) /* a week of lost classes would be all faults */
        r = timetable_load(c, src, config);
    if (r == 0)
        check_calendar(c, src);
    school_load(c, src, config, sections->school);
    if (r == 0)
        r = small_classes_load(c, src);
    return r == 0 ? day_book_new(&c->book) : r;
}

int campus_load(const struct config *config, struct config_faults *faults,
                struct gw_campus **ret)
{
    struct config_source src = {.arena = config->arena, .faults = faults};
    const struct config_node *root = config->campus;
    struct campus_sections sections = {0};
    struct gw_campus *c = calloc(1, sizeof(*c));
    if (!c)
        return -ENOMEM;

    sections.is_whole =
        config_fill(&src, root, "", campus_options, &sections, NULL) && root;
    int r = zone_load(c, &src, root, sections.timezone ? sections.timezone : "UTC");
    stages_load(c, &src, &sections);
    sections.is_whole &= calendar_load(&src, sections.calendar, &c->calendar);
    seasons_load(c, &src, sections.seasons);
    if (root)
        school_stage_load(c, &src, config->gateway);
    if (r == 0)
        r = places_load(c, &src, config);
    if (r == 0)
        r = classes_load(c, &src, config);
    if (r == 0) {
        stages_doubt(c, &src);
        r = week_load(c, &src, &sections, config);
    }
    if (r < 0) {
        campus_free(c);
        return r;
    }
    *ret = c;
    return 0;
}

struct gw_campus *campus_free(struct gw_campus *c)
{
    if (!c)
        return NULL;
    zone_free(c->zone);
    text_map_free(c->place_ids);
    text_map_free(c->class_ids);
    text_map_free(c->place_names);
    text_map_free(c->class_names);
    text_map_free(c->subjects.names);
    day_book_free(c->book);
    free(c);
    return NULL;
}

static int64_t local_seconds(const struct gw_campus *c, int64_t time_us)
{
    int64_t utc_s = civil_floor(time_us, SECOND_US);
    return utc_s + zone_offset(c->zone, utc_s);
}

int64_t school_second(const struct gw_campus *c, int64_t time_us, int32_t *ret_second_s)
{
    int64_t local_s = local_seconds(c, time_us);
    int64_t day = civil_floor(local_s, CIVIL_DAY_S);
    *ret_second_s = (int32_t)(local_s - day * CIVIL_DAY_S);
    return day;
}

int64_t school_day(const struct gw_campus *c, int64_t time_us)
{
    int32_t ignored = 0;
    return school_second(c, time_us, &ignored);
}

int64_t school_time(const struct gw_campus *c, int64_t day, int32_t second_s)
{
    return zone_utc(c->zone, day * CIVIL_DAY_S + second_s) * SECOND_US;
}

int campus_offset_s(const struct gw_campus *c, int64_t time_us)
{
    return zone_offset(c->zone, civil_floor(time_us, SECOND_US));
}

enum gw_day_kind gw_campus_day(const struct gw_campus *campus, int64_t time_us)
{
    return calendar_day(&campus->calendar, school_day(campus, time_us));
}

struct gw_local gw_campus_local(const struct gw_campus *campus, int64_t time_us)
{
    int32_t second = 0;
    int64_t day = school_second(campus, time_us, &second);
    struct civil_date date = civil_date(day);

    return (struct gw_local){
        .year = date.year,
        .month = date.month,
        .day = date.day,
        .weekday = civil_weekday(day),
        .hour = second / 3600,
        .minute = second / 60 % 60,
        .second = second % 60,
    };
}

int64_t gw_campus_midnight(const struct gw_campus *campus, int64_t time_us)
{
    return school_time(campus, school_day(campus, time_us), 0);
}

bool gw_campus_crosses_midnight(const struct gw_campus *campus, int64_t before_us,
                                int64_t after_us)
{
    static const int64_t hour_us = INT64_C(3600000000);
    int64_t first_us = before_us < after_us ? before_us : after_us;
    int64_t last_us = before_us < after_us ? after_us : before_us;
    int64_t midnight_us = gw_campus_midnight(campus, last_us);
    return midnight_us > first_us && midnight_us - first_us <= hour_us
           && last_us - midnight_us <= hour_us;
}

struct gw_class_day gw_campus_class_day(const struct gw_campus *campus,
                                        const char *class_id, int64_t time_us)
{
    return day_book_class(campus->book, school_day(campus, time_us), class_id);
}

uint32_t gw_campus_exempt(const struct gw_campus *campus, int64_t time_us)
{
    int32_t second_s = 0;
    int64_t day = school_second(campus, time_us, &second_s);
    return day_book_exempt(campus->book, day, second_s);
}

const char *gw_day_name(enum gw_day_kind kind)
{
    static const char *const names[] = {
        [GW_DAY_SCHOOL] = "school",   [GW_DAY_WEEKEND] = "weekend",
        [GW_DAY_HOLIDAY] = "holiday", [GW_DAY_MAKE_UP] = "make_up",
        [GW_DAY_EXAM] = "exam",
    };
    return (size_t)kind <= GW_DAY_EXAM ? names[kind] : "unknown";
}

struct day_book *campus_book(const struct gw_campus *c)
{
    return c->book;
}

void campus_print_options(FILE *out)
{
    fprintf(out, "# campus.yaml\n");
    config_print_options(out, NULL, campus_options, 0);
    config_print_options(out, "school", school_options, 0);
    fprintf(out, "stages:\n  primary:\n");
    config_print_options(out, NULL, stage_options, 4);
    fprintf(out, "places:\n  - # each place\n");
    config_print_options(out, NULL, place_options, 4);
    fprintf(out, "classes:\n  - # each class\n");
    config_print_options(out, NULL, class_options, 4);
    fprintf(out, "subjects:\n  - # each subject\n");
    config_print_options(out, NULL, subject_options, 4);
    fprintf(out, "bells:\n  primary:\n    - # each phase\n");
    config_print_options(out, NULL, bell_options, 6);
    fprintf(out, "seasons:\n  - # each season\n");
    config_print_options(out, NULL, season_options, 4);
    config_print_options(out, "calendar", calendar_options, 0);
}
