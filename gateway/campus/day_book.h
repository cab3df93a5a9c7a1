/* day_book.h - what people enter about single days: leave, attendance, changed lessons,
 * exemptions.  Numbers only, never a name.
 *
 * One writer (the pipeline's thread), readers on any: a leaf lock inside.  It is kept by
 * days: day_book_text() gives a day's bytes, day_book_restore() takes them.
 */
#ifndef CAMPUS_DAY_BOOK_H
#define CAMPUS_DAY_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/campus.h"
#include "gw/error.h"

/* A day's text, and how long days are kept and how far ahead they may be. */
enum {
    DAY_BOOK_NOTES_MAX = 20000,
    DAY_BOOK_KEPT_DAYS = 62,
    DAY_BOOK_AHEAD_DAYS = 400,
    DAY_BOOK_PUPILS_MAX = 200,
    DAY_BOOK_ORIGIN_MAX = 2 * GW_ID_MAX
};

struct day_book;

/* day_lesson - lesson @number, 1.., of local day @day. */
struct day_lesson {
    int64_t day;
    uint32_t number;
};

/* day_change - a lesson that is not as the week has it; subject "" = nothing is taught;
 * place "" = where the subject is taught as a rule.
 * origin   the lesson whose it was before they were exchanged, or itself */
struct day_change {
    char subject[GW_ID_MAX];
    char place[GW_ID_MAX];
    struct day_lesson origin;
};

/* day_exemption - @bits from @from_s to @to_s, seconds of the day.
 * origin  RULE@OBJECT that set it by itself, "" = people did; lives as long as the book
 */
struct day_exemption {
    uint32_t bits;
    int32_t from_s;
    int32_t to_s;
    const char *origin;
};

int day_book_new(struct day_book **ret);
struct day_book *day_book_free(struct day_book *b);

/* Reading.  Thread: any. */
struct gw_class_day day_book_class(struct day_book *b, int64_t day, const char *class_id);
bool day_book_change(struct day_book *b, int64_t day, const char *class_id,
                     uint32_t lesson, struct day_change *ret);
uint32_t day_book_exempt(struct day_book *b, int64_t day, int32_t second_s);

/* day_book_moved - the next change of the class, from *@i on, that has what was
 * @origin's; false: no more.  Thread: the writer's. */
bool day_book_moved(struct day_book *b, const char *class_id, struct day_lesson origin,
                    size_t *i, struct day_lesson *ret);

/* day_book_exemptions - those of @day, at most @max; returns how many there are. */
size_t day_book_exemptions(struct day_book *b, int64_t day, struct day_exemption *ret,
                           size_t max);

/* Writing; what is known already is set anew.  Each returns 0, -ENOMEM, or -ENOSPC: the
 * book is full.
 * leave, entered   pupils; NAN = nobody said
 * set_change       NULL: as the week has it */
int day_book_set_class(struct day_book *b, int64_t day, const char *class_id,
                       struct gw_class_day what);
int day_book_set_change(struct day_book *b, int64_t day, const char *class_id,
                        uint32_t lesson, const struct day_change *change);
int day_book_add_exemption(struct day_book *b, int64_t day,
                           const struct day_exemption *exemption);

/* day_book_end_exemption - none of @bits that @origin set from @from_s of @day on. */
int day_book_end_exemption(struct day_book *b, int64_t day, uint32_t bits, int32_t from_s,
                           const char *origin);

/* day_book_refuse_exemption - none of @bits at all from @from_s of @day on; where
 * something measured had set one, it cannot do so again on that day. */
int day_book_refuse_exemption(struct day_book *b, int64_t day, uint32_t bits,
                              int32_t from_s);

/* day_book_measured - what is measured says that there is @what from now on, which is
 * what->from_s: until what->to_s at most, and not where people refused it.
 * returns 1 when that is news, 0 when it is so already or refused; or as the others */
int day_book_measured(struct day_book *b, int64_t day, const struct day_exemption *what);

/* day_book_text - the kept form of @day, NULL where nothing was entered; *@ret_r -ENOMEM
 * or 0.  Owner: caller; free() */
char *day_book_text(struct day_book *b, int64_t day, int *ret_r);

/* day_book_restore - a kept day, instead of what is there of it.  returns 0, -ENOMEM,
 * -ENOSPC, or -EINVAL for bytes of an unknown form: nothing is taken then */
int day_book_restore(struct day_book *b, int64_t day, const void *bytes, size_t size);

/* day_book_take_over - everything of @old.  returns 0 or -ENOMEM */
int day_book_take_over(struct day_book *b, struct day_book *old);

/* day_book_oldest - false when the book is empty; day_book_forget - all of @day. */
bool day_book_oldest(struct day_book *b, int64_t *ret_day);
int day_book_forget(struct day_book *b, int64_t day);

#endif
