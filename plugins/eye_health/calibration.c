#include "calibration.h"

#include <string.h>

#define ROW(field) offsetof(struct calibration_row, field)
const struct gw_option calibration_options[] = {
    {.name = "point",
     .type = GW_OPT_STRING,
     .offset = ROW(point),
     .required = true,
     .help = "desk_lux or board_lux, such as b1-203/desk_lux.window"},
    {.name = "k",
     .type = GW_OPT_NUMBER,
     .offset = ROW(k),
     .required = true,
     .min = 0.01,
     .max = 100,
     .help = "what the desk (board) has, per what the sensor sees"},
    {.name = "date",
     .type = GW_OPT_STRING,
     .offset = ROW(date),
     .required = true,
     .help = "of the measurement: 2026-09-01"},
    {.name = "method",
     .type = GW_OPT_STRING,
     .offset = ROW(method),
     .required = true,
     .help = "how it was measured, and with which meter"},
    {.name = "reference",
     .type = GW_OPT_NUMBER,
     .offset = ROW(reference),
     .required = true,
     .min = 1,
     .max = 200000,
     .help = "lx that the meter showed"},
    {0},
};

/* @count digits of @text; -1 = something else. */
static int number_of(const char *text, size_t count)
{
    int number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = 10 * number + (text[i] - '0');
    }
    return number;
}

static bool read_date(const char *text, struct gw_local *ret)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(text) != strlen("2026-09-01") || text[4] != '-' || text[7] != '-')
        return false;
    *ret = (struct gw_local){.year = number_of(text, 4),
                             .month = number_of(text + 5, 2),
                             .day = number_of(text + 8, 2)};
    if (ret->year < 2000 || ret->month < 1 || ret->month > 12)
        return false;
    bool is_leap = (ret->year % 4 == 0 && ret->year % 100 != 0) || ret->year % 400 == 0;
    return ret->day >= 1 && ret->day <= days[ret->month - 1]
           && (ret->month != 2 || ret->day < 29 || is_leap);
}

bool calibration_has_date(const struct calibration_row *row)
{
    struct gw_local date;
    return read_date(row->date, &date);
}

/* Days in order, with gaps at the ends of months. */
static int64_t order_of(const struct gw_local *date, uint32_t months)
{
    int64_t month = (int64_t)date->year * 12 + date->month + months;
    return month * 32 + date->day;
}

bool calibration_is_future(const struct calibration_row *row,
                           const struct gw_local *today)
{
    struct gw_local date;
    return read_date(row->date, &date) && order_of(&date, 0) > order_of(today, 0);
}

bool calibration_holds(const struct calibration_row *row, const struct gw_local *today,
                       uint32_t months)
{
    struct gw_local date;
    return row && read_date(row->date, &date) && order_of(&date, 0) <= order_of(today, 0)
           && order_of(today, 0) <= order_of(&date, months);
}
