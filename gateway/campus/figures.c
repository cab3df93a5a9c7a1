/* figures.c - what is known of the school as a whole. */
#include <math.h>

#include "campus/school.h"
#include "gw/types.h"

/* school_section - as written. */
struct school_section {
    bool is_nine_year;
    bool is_built_after_policy;
    uint32_t enrolled;
    double altitude_m;
    double pressure_hpa;
    int64_t exercise_us;
    uint32_t smallest_group;
};

static const int64_t MINUTE_US = INT64_C(60) * 1000000;

/* Weather, and a figure of another altitude than the school's own. */
static const double PRESSURE_OFF_HPA = 60;

#define SCHOOL(field) offsetof(struct school_section, field)
const struct gw_option school_options[] = {
    {.name = "nine_year",
     .type = GW_OPT_BOOL,
     .offset = SCHOOL(is_nine_year),
     .fallback = "false",
     .help = "primary and junior in one school (九年一贯制)"},
    {.name = "built_after_policy",
     .type = GW_OPT_BOOL,
     .offset = SCHOOL(is_built_after_policy),
     .fallback = "false",
     .help = "newly built after 2022-10-27: the policy's school size binds"},
    {.name = "enrolled",
     .type = GW_OPT_UINT,
     .offset = SCHOOL(enrolled),
     .min = 0,
     .max = 100000,
     .fallback = "0",
     .help = "pupils, 0 = those of all classes"},
    {.name = "altitude",
     .type = GW_OPT_NUMBER,
     .offset = SCHOOL(altitude_m),
     .min = -400,
     .max = 6000,
     .help = "of the school, m above the sea; CO2 sensors need it"},
    {.name = "pressure",
     .type = GW_OPT_NUMBER,
     .offset = SCHOOL(pressure_hpa),
     .min = 400,
     .max = 1100,
     .help = "mean station pressure, hPa; from the altitude unless stated"},
    {.name = "exercise_target",
     .type = GW_OPT_DURATION,
     .offset = SCHOOL(exercise_us),
     .min = 0,
     .max = 8.0 * 3600e6,
     .fallback = "60min",
     .help = "a day, of every class: 60min by the county's plan, 120min since 2025"},
    {.name = "smallest_group",
     .type = GW_OPT_UINT,
     .offset = SCHOOL(smallest_group),
     .min = 5,
     .max = 100,
     .fallback = "5",
     .help = "figures of fewer pupils do not leave the school"},
    {0},
};

/* pressure_at - Source: ISO 2533:1975, the standard atmosphere below 11 km. */
static double pressure_at(double altitude_m)
{
    return 1013.25 * pow(1 - 0.0065 * altitude_m / 288.15, 5.25588);
}

static int32_t stated(int32_t second_s)
{
    return second_s > 0 ? second_s : -1;
}

static bool has_stage(const struct gw_campus *c, enum gw_stage stage)
{
    for (size_t i = 0; i < c->class_count; i++)
        if (c->classes[i].stage == stage)
            return true;
    return false;
}

/* pupils - of all classes. */
static uint32_t pupils(const struct gw_campus *c)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < c->class_count; i++)
        sum += c->classes[i].enrolled;
    return sum;
}

/* are_exchanged - two digits beside one another of @a are the other way round in @b. */
static bool are_exchanged(uint32_t a, uint32_t b)
{
    for (uint32_t unit = 1; unit <= 100000; unit *= 10) {
        uint32_t low = a / unit % 10;
        uint32_t high = a / unit / 10 % 10;
        if (low != high && (int64_t)b - a == ((int64_t)low - high) * 9 * unit)
            return true;
    }
    return false;
}

/* is_digit_more - @a is @b and a digit more, anywhere; of few pupils that is chance. */
static bool is_digit_more(uint32_t a, uint32_t b)
{
    enum { PUPILS_MIN = 100 };
    for (uint32_t unit = 1; b >= PUPILS_MIN && unit <= a; unit *= 10)
        if (a / unit / 10 * unit + a % unit == b)
            return true;
    return false;
}

/* doubt_nine_year - a school of both is one, whether section school says nothing of it or
 * is not there. */
static void doubt_nine_year(const struct gw_campus *c, struct config_source *src,
                            const struct config *config, const struct config_node *node)
{
    const struct config_node *nine_year = config_child(node, "nine_year");
    const struct config_node *at = nine_year ? nine_year : node;
    if (c->school.is_nine_year || !has_stage(c, GW_PRIMARY) || !has_stage(c, GW_JUNIOR))
        return;
    config_warning(src->faults, config_where(at ? at : config->campus), "school",
                   "nine_year is false, and there are classes of primary and of junior "
                   "(wanted: nine_year: true, a nine-year school has limits of its "
                   "own)");
}

/* doubt_figures - what others of the campus contradict. */
static void doubt_figures(const struct gw_campus *c, struct config_source *src,
                          const struct config_node *node, const struct school_section *s)
{
    const double expected_hpa = pressure_at(s->altitude_m);
    if (s->enrolled > 0 && s->enrolled < pupils(c))
        config_warning(
            src->faults, config_where(config_child(node, "enrolled")), "school",
            "enrolled %u, and the classes have %u pupils together (wanted: not "
            "fewer; without it those of the classes count)",
            (unsigned)s->enrolled, (unsigned)pupils(c));
    else if (s->enrolled > 0 && are_exchanged(s->enrolled, pupils(c)))
        config_warning(
            src->faults, config_where(config_child(node, "enrolled")), "school",
            "enrolled %u, and the classes have %u pupils together: two digits are "
            "exchanged (wanted: the right number; without it those of the classes count)",
            (unsigned)s->enrolled, (unsigned)pupils(c));
    else if (is_digit_more(s->enrolled, pupils(c)))
        config_warning(
            src->faults, config_where(config_child(node, "enrolled")), "school",
            "enrolled %u, and the classes have %u pupils together: a digit more (wanted: "
            "the right number; without it those of the classes count; leave it where it "
            "is meant)",
            (unsigned)s->enrolled, (unsigned)pupils(c));
    if (config_child(node, "altitude") && config_child(node, "pressure")
        && fabs(s->pressure_hpa - expected_hpa) > PRESSURE_OFF_HPA)
        config_warning(src->faults, config_where(config_child(node, "pressure")),
                       "school",
                       "pressure %.0f hPa, and at altitude %.0f m it is about %.0f "
                       "(wanted: that of the station, not of sea level)",
                       s->pressure_hpa, s->altitude_m, expected_hpa);
}

void school_load(struct gw_campus *c, struct config_source *src,
                 const struct config *config, const struct config_node *node)
{
    struct school_section s = {0};
    bool is_whole = true;
    bool has_altitude = config_child(node, "altitude") != NULL;
    bool has_pressure = config_child(node, "pressure") != NULL;

    if (node)
        is_whole = config_fill(src, node, "school", school_options, &s, NULL);
    else
        config_defaults(src, school_options, &s);
    c->school = (struct gw_school){
        .stage = c->stage,
        .is_nine_year = s.is_nine_year,
        .is_built_after_policy = s.is_built_after_policy,
        .enrolled = s.enrolled,
        .altitude_m = has_altitude ? s.altitude_m : (double)NAN,
        .pressure_hpa = has_pressure   ? s.pressure_hpa
                        : has_altitude ? pressure_at(s.altitude_m)
                                       : (double)NAN,
        .exercise_min = (uint32_t)(s.exercise_us / MINUTE_US),
        .smallest_group = s.smallest_group,
    };
    for (int i = 0; i < GW_STAGES; i++) {
        c->school.first_lesson_s[i] = stated(c->stages[i].first_lesson_s);
        c->school.lights_out_s[i] = stated(c->stages[i].lights_out_s);
    }
    if (is_whole)
        doubt_nine_year(c, src, config, node);
    if (node && is_whole)
        doubt_figures(c, src, node, &s);
    if (s.enrolled == 0)
        c->school.enrolled = pupils(c);
}

const struct gw_school *gw_campus_school(const struct gw_campus *campus)
{
    return &campus->school;
}
