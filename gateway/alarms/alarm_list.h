/* alarm_list.h - every alarm that was ever raised, by id, behind one leaf lock.
 *
 * The pipeline thread alone changes it: it reads without the lock and writes whole
 * values with alarm_list_set(); other threads copy rows out under the lock.
 */
#ifndef ALARMS_ALARM_LIST_H
#define ALARMS_ALARM_LIST_H

#include "alarms/alarm.h"

/* alarm - a row and what only the pipeline needs of it.
 *
 * until_us     end of shelving, school time; GW_TIME_NONE
 * is_latching  its rule latches
 * is_latched   raised under a latching rule and not reset since
 * is_named     a rule of the running configuration stands behind it
 * row.is_test  raised from normal while its object was in test */
struct alarm {
    struct alarm_row row;
    int64_t until_us;
    bool is_latching;
    bool is_latched;
    bool is_named;
};

struct alarm_list;

int alarm_list_new(struct alarm_list **ret);
struct alarm_list *alarm_list_free(struct alarm_list *list);

size_t alarm_list_count(const struct alarm_list *list);
const struct alarm *alarm_list_at(const struct alarm_list *list, size_t index);
const struct alarm *alarm_list_find(const struct alarm_list *list, const char *id);

/* alarm_list_set - puts @alarm in the place of the one with its id, or adds it.
 * returns 0 or -ENOMEM (nothing changed) */
int alarm_list_set(struct alarm_list *list, const struct alarm *alarm);

/* alarm_list_snapshot - as alarms_snapshot().  Thread: any. */
size_t alarm_list_snapshot(struct alarm_list *list, bool all, struct arena *arena,
                           struct alarm_row **ret);

#endif
