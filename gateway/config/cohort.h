/* cohort.h - the year of entry that the ids of classes say.  Thread: one while it loads.
 */
#ifndef CONFIG_COHORT_H
#define CONFIG_COHORT_H

#include "config/config.h"
#include "config/sheet.h"

/* cohort_class - a row of classes.csv.
 * grade  1 .. 12, 0 = unknown */
struct cohort_class {
    const struct csv_row *row;
    const char *id;
    int grade;
};

/* cohort_check - warns of ids such as 2024-P-01 whose year of entry is not that of their
 * grade: by the terms of @calendar (a node of campus.yaml, NULL is fine) all of them,
 * told once, or else those that disagree among themselves. column  of the ids, an index
 * of @s's columns */
void cohort_check(const struct sheet *s, size_t column,
                  const struct cohort_class *classes, size_t count,
                  const struct config_node *calendar);

#endif
