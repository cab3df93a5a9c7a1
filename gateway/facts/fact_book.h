/* fact_book.h - the evidence of the last weeks, a row an object and day, and what was
 * told of it; kept with the commit.  Thread: the pipeline's.
 */
#ifndef FACTS_FACT_BOOK_H
#define FACTS_FACT_BOOK_H

#include "gw/record.h"
#include "facts/fact_plan.h"
#include "facts/fact_span.h"

struct fact_book;

/* fact_row - one object's day under a plan.
 * share      of what was expected of it, 0..1
 * is_dirty   changed since facts were last told
 * values     by the plan's names; NAN = unknown */
struct fact_row {
    const char *object;
    int64_t day;
    double share;
    bool is_dirty;
    double values[];
};

/* fact_told - the last revision of one fact; with the object "" the mark that a span was
 * told of at all, of whatever objects. */
struct fact_told {
    size_t plan;
    const char *object;
    struct fact_span span;
    uint32_t revision;
    uint64_t hash;
};

/* fact_clock - since_day: the first day that was seen; @told_day, @told_moment: the last
 * moment of telling, which is done. */
struct fact_clock {
    int64_t since_day;
    int64_t told_day;
    int64_t told_moment;
};

/* fact_book_new - @plans outlive it; @emit gets GW_RECORD_STATE. */
int fact_book_new(const struct fact_plans *plans,
                  void (*emit)(void *ctx, const struct gw_record *record), void *ctx,
                  struct fact_book **ret);
struct fact_book *fact_book_free(struct fact_book *b);

/* fact_book_find - NULL: no such row; fact_book_row - makes it where there is none, NULL:
 * out of memory. */
struct fact_row *fact_book_find(const struct fact_book *b, size_t plan,
                                const char *object, int64_t day);
struct fact_row *fact_book_row(struct fact_book *b, size_t plan, const char *object,
                               int64_t day);

/* fact_book_rows - all of @plan, in no order. */
struct fact_row *const *fact_book_rows(const struct fact_book *b, size_t plan,
                                       size_t *ret_count);

/* fact_book_keep - @row has changed. */
void fact_book_keep(struct fact_book *b, size_t plan, struct fact_row *row);

/* fact_book_clean - everything that changed was told of. */
void fact_book_clean(struct fact_book *b);

const struct fact_told *fact_book_told(const struct fact_book *b, size_t plan,
                                       const struct fact_span *span, const char *object);

/* fact_book_tell - in the place of what was told.  0 or -ENOMEM */
int fact_book_tell(struct fact_book *b, const struct fact_told *told);

/* fact_book_forget - rows of days before @day, and what was told of spans that began
 * before it. */
void fact_book_forget(struct fact_book *b, int64_t day);

struct fact_clock *fact_book_clock(struct fact_book *b);
void fact_book_keep_clock(struct fact_book *b);

/* fact_book_restore - one kept state.  0, -EINVAL or -ENOMEM */
int fact_book_restore(struct fact_book *b, const char *key, const void *bytes,
                      size_t size);

/* fact_book_restored - after the last of them: those of plans that are gone go too. */
void fact_book_restored(struct fact_book *b);

/* fact_book_take_over - what @old has, of plans and values that are here too. */
int fact_book_take_over(struct fact_book *b, const struct fact_book *old);

#endif
