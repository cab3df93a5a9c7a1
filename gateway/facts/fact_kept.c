#include "facts/fact_kept.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campus/civil.h"

/* Every bit of a number comes back. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(17))

static char *text_of(json_t *kept)
{
    char *text = kept ? json_dumps(kept, DUMP_FLAGS) : NULL;
    json_decref(kept);
    return text;
}

static int read_date(const json_t *kept, const char *name, int64_t *ret)
{
    const char *text = json_string_value(json_object_get(kept, name));
    return text ? civil_parse(text, ret) : -EINVAL;
}

void fact_row_key(const struct fact_plan *plan, const struct fact_row *row,
                  char ret[FACT_KEY_MAX])
{
    char date[FACT_DATE_MAX];
    fact_date(row->day, date);
    (void)snprintf(ret, FACT_KEY_MAX, "row/%s/%s/%s", plan->id, date, row->object);
}

void fact_told_key(const struct fact_plan *plan, const struct fact_told *told,
                   char ret[FACT_KEY_MAX])
{
    char date[FACT_DATE_MAX];
    fact_date(told->span.first, date);
    (void)snprintf(ret, FACT_KEY_MAX, "%s/%s/%s/%s", gw_period_name(told->span.period),
                   plan->id, date, told->object);
}

char *fact_row_text(const struct fact_plan *plan, const struct fact_row *row)
{
    char date[FACT_DATE_MAX];
    json_t *values = json_object();
    fact_date(row->day, date);
    for (size_t i = 0; i < plan->name_count; i++)
        if (isfinite(row->values[i]))
            (void)json_object_set_new(values, plan->names[i], json_real(row->values[i]));
    return text_of(json_pack("{s:s, s:s, s:s, s:f, s:o}", "fact", plan->id, "object",
                             row->object, "day", date, "share", row->share, "values",
                             values));
}

int fact_row_head(const json_t *kept, const char **ret_object, int64_t *ret_day)
{
    const char *object = json_string_value(json_object_get(kept, "object"));
    if (!object || strlen(object) >= GW_ID_MAX)
        return -EINVAL;
    *ret_object = object;
    return read_date(kept, "day", ret_day);
}

int fact_row_read(const struct fact_plan *plan, const json_t *kept, struct fact_row *ret)
{
    const json_t *values = json_object_get(kept, "values");
    double share = json_number_value(json_object_get(kept, "share"));
    if (!json_is_object(values) || !(share >= 0 && share <= 1))
        return -EINVAL;
    ret->share = share;
    for (size_t i = 0; i < plan->name_count; i++) {
        const json_t *value = json_object_get(values, plan->names[i]);
        ret->values[i] = json_is_number(value) ? json_number_value(value) : (double)NAN;
    }
    return 0;
}

char *fact_told_text(const struct fact_plan *plan, const struct fact_told *told)
{
    char first[FACT_DATE_MAX];
    char hash[32];
    fact_date(told->span.first, first);
    (void)snprintf(hash, sizeof(hash), "%016" PRIx64, told->hash);
    return text_of(json_pack("{s:s, s:s, s:i, s:s, s:I, s:s}", "fact", plan->id, "object",
                             told->object, "period", (int)told->span.period, "first",
                             first, "revision", (json_int_t)told->revision, "hash",
                             hash));
}

int fact_told_read(const json_t *kept, struct fact_told *ret)
{
    const char *object = json_string_value(json_object_get(kept, "object"));
    const char *hash = json_string_value(json_object_get(kept, "hash"));
    json_int_t period = json_integer_value(json_object_get(kept, "period"));
    json_int_t revision = json_integer_value(json_object_get(kept, "revision"));
    int64_t first = 0;
    if (!object || strlen(object) >= GW_ID_MAX || !hash || period < GW_PERIOD_DAY
        || period > GW_PERIOD_MONTH || revision < 0 || revision >= INT32_MAX
        || read_date(kept, "first", &first) < 0)
        return -EINVAL;
    ret->object = object;
    ret->span = fact_span_of((enum gw_period)period, first);
    ret->revision = (uint32_t)revision;
    ret->hash = strtoull(hash, NULL, 16);
    return ret->span.first == first ? 0 : -EINVAL;
}

char *fact_clock_text(const struct fact_clock *clock)
{
    char since[FACT_DATE_MAX];
    char told[FACT_DATE_MAX];
    fact_date(clock->since_day, since);
    fact_date(clock->told_day, told);
    return text_of(json_pack("{s:s, s:s, s:I}", "since", since, "told", told, "moment",
                             (json_int_t)clock->told_moment));
}

int fact_clock_read(const json_t *kept, struct fact_clock *ret)
{
    struct fact_clock clock = {.told_moment =
                                   json_integer_value(json_object_get(kept, "moment"))};
    if (read_date(kept, "since", &clock.since_day) < 0
        || read_date(kept, "told", &clock.told_day) < 0)
        return -EINVAL;
    *ret = clock;
    return 0;
}
