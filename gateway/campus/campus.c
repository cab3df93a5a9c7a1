#include "campus/campus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "campus/civil.h"
#include "campus/school.h"

static const int64_t SECOND_US = 1000000;

/* campus_sections - campus.yaml as written. */
struct campus_sections {
    const char *timezone;
    const struct config_node *stages, *places, *classes, *bells, *calendar;
};

#define SECTION(field) offsetof(struct campus_sections, field)
static const struct gw_option campus_options[] = {
    {.name = "timezone",
     .type = GW_OPT_STRING,
     .offset = SECTION(timezone),
     .fallback = "Asia/Shanghai",
     .help = "IANA name, or +08:00"},
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
    {.name = "bells",
     .type = GW_OPT_NODE,
     .offset = SECTION(bells),
     .help = "the school day of each stage"},
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
    {0},
};

static const struct gw_option by_stage[] = {
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

    (void)config_fill(src, s->stages, "stages", by_stage, limits, NULL);
    (void)config_fill(src, s->bells, "bells", by_stage, bells, NULL);
    for (int i = 0; i < GW_STAGES; i++) {
        const char *limit_path = arena_format(src->arena, "stages.%s", stage_names[i]);
        const char *bells_path = arena_format(src->arena, "bells.%s", stage_names[i]);
        if (limits[i] && limit_path)
            (void)config_fill(src, limits[i], limit_path, stage_options, &c->stages[i],
                              NULL);
        if (bells[i] && bells_path)
            bells_load(src, bells[i], bells_path, &c->stages[i].bells);
        c->has_bells |= c->stages[i].bells.count > 0;
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
    if (node && c->has_bells && c->stages[stage].bells.count == 0)
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
                 "%s", err.text);
    return r == -ENOMEM ? r : zone_new("UTC", &c->zone, &err);
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

    (void)config_fill(&src, root, "", campus_options, &sections, NULL);
    int r = zone_load(c, &src, root, sections.timezone ? sections.timezone : "UTC");
    stages_load(c, &src, &sections);
    calendar_load(&src, sections.calendar, &c->calendar);
    if (root)
        school_stage_load(c, &src, config->gateway);
    if (r == 0)
        r = places_load(c, &src, root);
    if (r == 0)
        r = classes_load(c, &src, root);
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
    free(c);
    return NULL;
}

static int64_t local_seconds(const struct gw_campus *c, int64_t time_us)
{
    int64_t utc_s = civil_floor(time_us, SECOND_US);
    return utc_s + zone_offset(c->zone, utc_s);
}

int campus_offset_s(const struct gw_campus *c, int64_t time_us)
{
    return zone_offset(c->zone, civil_floor(time_us, SECOND_US));
}

enum gw_day_kind gw_campus_day(const struct gw_campus *campus, int64_t time_us)
{
    int64_t day = civil_floor(local_seconds(campus, time_us), CIVIL_DAY_S);
    return calendar_day(&campus->calendar, day);
}

struct gw_local gw_campus_local(const struct gw_campus *campus, int64_t time_us)
{
    int64_t local_s = local_seconds(campus, time_us);
    int64_t day = civil_floor(local_s, CIVIL_DAY_S);
    int second = (int)(local_s - day * CIVIL_DAY_S);
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
    int64_t day = civil_floor(local_seconds(campus, time_us), CIVIL_DAY_S);
    return zone_utc(campus->zone, day * CIVIL_DAY_S) * SECOND_US;
}

void campus_print_options(FILE *out)
{
    fprintf(out, "# campus.yaml\n");
    config_print_options(out, NULL, campus_options, 0);
    fprintf(out, "stages:\n  primary:\n");
    config_print_options(out, NULL, stage_options, 4);
    fprintf(out, "places:\n  - # each place\n");
    config_print_options(out, NULL, place_options, 4);
    fprintf(out, "classes:\n  - # each class\n");
    config_print_options(out, NULL, class_options, 4);
    fprintf(out, "bells:\n  primary:\n    - # each phase\n");
    config_print_options(out, NULL, bell_options, 6);
    config_print_options(out, "calendar", calendar_options, 0);
}
