#include "facts/fact_figure.h"

#include <math.h>
#include <stdlib.h>

/* A row's value, what is taken from it taken off. */
static double value_of(const struct fact_figure *f, const struct fact_row *row)
{
    double value = row->values[f->of];
    if (f->less_count == 0)
        return value;
    for (size_t i = 0; i < f->less_count; i++)
        value -= row->values[f->less[i]];
    return isnan(value) ? value : fmax(0, value);
}

/* 1 or 0, NAN = unknown. */
static double test_of(const struct fact_figure *f, const struct fact_row *row)
{
    double value = value_of(f, row);
    double than = (f->than == FACT_NONE ? f->number : row->values[f->than]) + f->by;
    if (isnan(value) || isnan(than))
        return NAN;
    switch (f->test) {
    case FACT_ABOVE:
        return value > than;
    case FACT_BELOW:
        return value < than;
    case FACT_AT_LEAST:
        return value >= than;
    case FACT_IS:
        return value == than;
    case FACT_TESTS:
    default:
        return NAN;
    }
}

static double in_places(double value)
{
    return isfinite(value) ? round(value * 10000) / 10000 : value;
}

/* Of what each row has; @ret_count: how many know. */
static double
sum_of(const struct fact_figure *f, const struct fact_row *const *rows, size_t count,
       double (*of)(const struct fact_figure *f, const struct fact_row *row),
       size_t *ret_count)
{
    double sum = 0;
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        double value = of(f, rows[i]);
        if (isnan(value))
            continue;
        sum += value;
        (*ret_count)++;
    }
    return *ret_count > 0 ? sum : (double)NAN;
}

static double ratio_of(const struct fact_figure *f, const struct fact_row *const *rows,
                       size_t count)
{
    double part = 0;
    double whole = 0;
    for (size_t i = 0; i < count; i++) {
        double value = value_of(f, rows[i]);
        double per = rows[i]->values[f->per];
        if (isnan(value) || isnan(per))
            continue;
        part += value;
        whole += per;
    }
    return whole > 0 ? part / whole : (double)NAN;
}

static double extreme_of(const struct fact_figure *f, const struct fact_row *const *rows,
                         size_t count)
{
    double extreme = NAN;
    for (size_t i = 0; i < count; i++) {
        double value = value_of(f, rows[i]);
        extreme = f->fold == FACT_MIN ? fmin(extreme, value) : fmax(extreme, value);
    }
    return extreme;
}

static double last_of(const struct fact_figure *f, const struct fact_row *const *rows,
                      size_t count)
{
    double last = NAN;
    int64_t day = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        double value = value_of(f, rows[i]);
        if (isnan(value) || rows[i]->day < day)
            continue;
        last = value;
        day = rows[i]->day;
    }
    return last;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of an even number the mean of the two in the middle. */
static double median_of(const struct fact_figure *f, const struct fact_row *const *rows,
                        size_t count)
{
    double *values = calloc(count + 1, sizeof(*values));
    double median = NAN;
    size_t known = 0;
    for (size_t i = 0; i < count && values; i++) {
        double value = value_of(f, rows[i]);
        if (!isnan(value))
            values[known++] = value;
    }
    if (known > 0) {
        qsort(values, known, sizeof(*values), compare);
        median = (values[(known - 1) / 2] + values[known / 2]) / 2;
    }
    free(values);
    return median;
}

double fact_figure_of(const struct fact_figure *f, const struct fact_row *const *rows,
                      size_t count)
{
    size_t known = 0;
    switch (f->fold) {
    case FACT_SUM:
        return in_places(f->per == FACT_NONE ? sum_of(f, rows, count, value_of, &known)
                                             : ratio_of(f, rows, count));
    case FACT_MEAN: {
        double sum = sum_of(f, rows, count, value_of, &known);
        return in_places(known > 0 ? sum / (double)known : (double)NAN);
    }
    case FACT_COUNT:
        return sum_of(f, rows, count, test_of, &known);
    case FACT_MEDIAN:
        return in_places(median_of(f, rows, count));
    case FACT_MIN:
    case FACT_MAX:
        return in_places(extreme_of(f, rows, count));
    case FACT_LAST:
    case FACT_WORD:
        return in_places(last_of(f, rows, count));
    case FACT_FOLDS:
    default:
        return NAN;
    }
}
