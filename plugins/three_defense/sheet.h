/* sheet.h - the sheet of the day: 人防 物防 技防, item by item. */
#ifndef SHEET_H
#define SHEET_H

#include "defense.h"

enum { SHEET_ITEMS_MAX = 16, SHEET_TEXT_MAX = 128 };

enum sheet_group { SHEET_PEOPLE, SHEET_PHYSICAL, SHEET_TECHNICAL };

/* sheet_figure - what was measured, in words and as one number (NAN = none). */
struct sheet_figure {
    char zh[SHEET_TEXT_MAX];
    char en[SHEET_TEXT_MAX];
    double value;
};

/* sheet_item - a row.
 * rules       alarms of these, also of "TF-08-days" for "TF-08", are its findings
 * metrics     its points; kind: only in places of this kind
 * counts      says which are its points instead of metrics and kind
 * in_rush     only what is found while pupils arrive or leave
 * measure     NULL: only how many of its points are good */
struct sheet_item {
    const char *id;
    enum sheet_group group;
    struct gw_text title;
    const char *rules[3];
    const char *metrics[7];
    const char *kind;
    bool (*counts)(const struct defense *d, const struct signal *s);
    bool in_rush;
    void (*measure)(const struct defense *d, int64_t time_us, struct sheet_figure *ret);
};
extern const struct sheet_item sheet_items[];
extern const size_t sheet_item_count;

/* sheet_day - counted since midnight; kept as these bytes.
 * good        minutes in which every point of the item was good
 * raised      alarms that came; standing: that are not normal now; tests never count */
struct sheet_day {
    uint32_t version;
    uint32_t manned, manned_of;
    uint32_t rush, rush_of;
    uint32_t good[SHEET_ITEMS_MAX];
    uint32_t raised[SHEET_ITEMS_MAX];
    uint32_t standing[SHEET_ITEMS_MAX];
};

struct sheet {
    struct sheet_day day;
    unsigned points[SHEET_ITEMS_MAX];
};

#endif
