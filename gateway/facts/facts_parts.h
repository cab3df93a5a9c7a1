/* facts_parts.h - what facts.c, facts_own.c and facts_tell.c share.  Not for others. */
#ifndef FACTS_FACTS_PARTS_H
#define FACTS_FACTS_PARTS_H

#include "gw/log.h"
#include "facts/fact_book.h"
#include "facts/facts.h"

enum { FACTS_OPEN_MAX = 128 };

/* facts_open - an alarm that waits for its acknowledgement. */
struct facts_open {
    uint64_t uid;
    int64_t raised_us;
};

#define FACTS_DEVICES_KEY "devices"

/* facts_device - its points are [first, end) of the table. */
struct facts_device {
    const char *name;
    size_t first;
    size_t end;
    bool is_heard;
};

/* is_equipped  by plan: there is a point of what it needs
 * equipped     by plan, then class: in the class's own room
 * open         the newest alarms, as far as this run has heard of them */
struct facts {
    struct facts_setup setup;
    struct fact_plans plans;
    struct fact_book *book;
    bool *is_equipped;
    bool *equipped;
    size_t class_count;
    struct facts_device *devices;
    size_t device_count;
    struct facts_open open[FACTS_OPEN_MAX];
    size_t open_count;
    struct gw_complaint short_of_memory;
};

/* facts_day - the local day of @time_us, since 1970-01-01; @ret_second may be NULL. */
int64_t facts_day(const struct facts *f, int64_t time_us, int32_t *ret_second);

/* facts_row - of a day that may still change; NULL = out of memory, or the day was told
 * of and @object is a class that would show in the difference. */
struct fact_row *facts_row(struct facts *f, size_t plan, const char *object, int64_t day);

/* facts_is_fixed - figures of @object's @day have left in a total, and it is a class
 * whose own figures must not. */
bool facts_is_fixed(const struct facts *f, size_t plan, const char *object, int64_t day);

/* facts_first_kept - the first day that rows are kept of. */
int64_t facts_first_kept(int64_t today);

/* facts_devices_find - of the point table; 0 or -ENOMEM.  facts_devices_look - how many
 * are heard now, and keeps which. */
int facts_devices_find(struct facts *f);
size_t facts_devices_look(struct facts *f);
int facts_devices_restore(struct facts *f, const void *bytes, size_t size);
void facts_devices_take_over(struct facts *f, const struct facts *old);

/* facts_own_minute - the gateway's own evidence of the minute that ends at @time_us;
 * facts_own_days - of the days before @time_us's as they are now, also of those on which
 * it was off. */
void facts_own_minute(struct facts *f, int64_t time_us);
void facts_own_days(struct facts *f, int64_t time_us);

/* facts_online - share of the minutes of @day that the gateway ran; NAN = nobody counts.
 */
double facts_online(const struct facts *f, int64_t day);

/* facts_tell - everything that is due at @time_us and was not told yet, or has changed.
 */
void facts_tell(struct facts *f, int64_t time_us);

#endif
