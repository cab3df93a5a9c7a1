/* entry.h - one thing that somebody enters about a day, on its way to the day book.
 *
 *   {"do":"leave","class":"2024-P-01","count":2}
 *   {"do":"attendance","class":"三年级一班","day":"2026-11-23","count":45}
 *   {"do":"swap-lesson","class":"2024-P-01","lesson":3,"with":5}
 *   {"do":"swap-lesson","class":"2024-P-01","lesson":3,"subject":"math","place":"b1-203"}
 *   {"do":"exempt","reason":"rain","from":"10:00","until":"12:00"}
 *
 * "undo": true takes back what was entered.  The day is today unless said.
 */
#ifndef CAMPUS_ENTRY_H
#define CAMPUS_ENTRY_H

#include <jansson.h>

#include "campus/entry_refusals.h"
#include "campus/swap.h"
#include "gw/campus.h"

/* ENTRY_KINDS - of an entry with faults: nobody knows which. */
enum entry_kind { ENTRY_LEAVE, ENTRY_ATTENDANCE, ENTRY_SWAP, ENTRY_EXEMPT, ENTRY_KINDS };

/* ENTRY_TODAY - a day that is not said. */
#define ENTRY_TODAY INT64_MIN

/* campus_entry - plain value, crosses threads.
 * day, with_day     local days since 1970-01-01, or ENTRY_TODAY; with_day of with
 * class_id, subject, place  ids or titles; "" = not said
 * lesson, with      numbers within the day; with 0 = no swap but another subject
 * count             pupils
 * bits              GW_EXEMPT_*
 * from_s, until_s   seconds of the day, -1 = not said
 * faulty            bits 1 << enum entry_key: said, but nobody can read it, and whoever
 *                   asks knows; the rest is judged, and the entry is not taken
 * is_chinese        refusals are told in Chinese */
struct campus_entry {
    enum entry_kind kind;
    bool is_undo;
    bool is_chinese;
    unsigned faulty;
    int64_t day;
    int64_t with_day;
    uint32_t lesson;
    uint32_t with;
    uint32_t count;
    uint32_t bits;
    int32_t from_s;
    int32_t until_s;
    char class_id[GW_NAME_MAX];
    char subject[GW_NAME_MAX];
    char place[GW_NAME_MAX];
};

/* entry_is_name - @name is the "do" of an entry. */
bool entry_is_name(const char *name);
const char *entry_name(enum entry_kind kind);
const char *entry_word(enum entry_kind kind, bool is_chinese);

/* entry_read - @object, whose further keys @accept (NULL-terminated, NULL = none) are the
 * caller's.  returns 0 or -EINVAL: @err says which key and what is allowed */
int entry_read(const json_t *object, const char *const *accept, struct campus_entry *ret,
               struct gw_error *err);

/* entry_read_all - the same, and every reason at once.
 * ret       written also when it is refused: what could be read
 * refusals  its is_chinese is that of @ret */
int entry_read_all(const json_t *object, const char *const *accept, unsigned faulty,
                   struct campus_entry *ret, struct entry_refusals *refusals);

/* entry_rename - what @object says by the words of the tables (班级=…, 登记=请假,
 * 原因=下雨) as entry_read() wants it; a key that stands there by both names stays. */
void entry_rename(json_t *object);

/* entry_days - the days whose book has changed. */
struct entry_days {
    int64_t days[SWAP_LESSONS_MAX];
    size_t count;
};

/* campus_enter - judges @entry at @time_us and writes it into @c's day book.
 * returns 0 (also when it was so already), -EINVAL or -ENOENT: @err says what is allowed;
 *         -ENOSPC, -ENOMEM
 * Thread: the pipeline's */
int campus_enter(const struct gw_campus *c, const struct campus_entry *entry,
                 int64_t time_us, struct entry_days *ret, struct gw_error *err);

enum { ENTRY_LIST_MAX = 600, ENTRY_SLIPS_MAX = 1000 };

/* campus_entry_list - entries that are taken all together or not at all.
 * is_trial  they are judged, none is taken
 * Owner: one block, free() */
struct campus_entry_list {
    size_t count;
    bool is_trial;
    struct campus_entry items[];
};

/* campus_enter_list - judges all of @list at @time_us, and if none is refused writes them
 * into @c's day book at once.  What it says of a class's lessons of a day takes the place
 * of what was entered of them before: the same list twice is the same as once.
 * ret_days    changed ones, each once, *@ret_count of them.  Owner: caller; free()
 * ret_answer  of a refusal: a JSON list of {entry, key (enum entry_key), text}, or of
 *             {entry, key, twin}: it says again what entry twin says.
 *             Owner: caller; free()
 * returns 0, -EINVAL, -ENOSPC or -ENOMEM.  Thread: the pipeline's */
int campus_enter_list(const struct gw_campus *c, const struct campus_entry_list *list,
                      int64_t time_us, int64_t **ret_days, size_t *ret_count,
                      char **ret_answer, struct gw_error *err);

#endif
