/* day_entries.c - what people enter about a day: into the day book, and kept. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campus/civil.h"
#include "pipeline/pipeline_parts.h"

enum { DATE_SIZE = sizeof("2026-11-23") };

static const char owner[] = PIPELINE_DAY_BOOK;

static void keep_day(struct pipeline *p, int64_t day)
{
    const struct civil_date date = civil_date(day);
    char key[4 * DATE_SIZE];
    int r = 0;
    char *text = day_book_text(campus_book(p->campus), day, &r);
    (void)snprintf(key, sizeof(key), "%04d-%02d-%02d", date.year, date.month, date.day);
    const struct gw_state state = {
        .owner = owner, .key = key, .bytes = text, .size = text ? strlen(text) : 0};
    if (r == 0)
        p->ops.emit(p->ops.ctx,
                    &(struct gw_record){.kind = GW_RECORD_STATE, .state = state});
    else
        gw_log(GW_LOG_ERROR, (struct gw_subject){"STATE", key},
               "out of memory: what was entered is not kept over a restart");
    free(text);
}

int pipeline_enter(struct pipeline *p, const struct campus_entry *entry, int64_t time_us,
                   struct gw_error *err)
{
    struct entry_days changed = {0};
    pipeline_advance(p, time_us);
    int r = campus_enter(p->campus, entry, p->now_us, &changed, err);
    for (size_t i = 0; r == 0 && i < changed.count; i++)
        keep_day(p, changed.days[i]);
    return r;
}

int pipeline_enter_list(struct pipeline *p, const struct campus_entry_list *list,
                        int64_t time_us, char **ret_answer, struct gw_error *err)
{
    int64_t *days = NULL;
    size_t count = 0;
    pipeline_advance(p, time_us);
    int r = campus_enter_list(p->campus, list, p->now_us, &days, &count, ret_answer, err);
    for (size_t i = 0; r == 0 && i < count; i++)
        keep_day(p, days[i]);
    free(days);
    return r;
}

int day_entries_restore(struct pipeline *p, const struct gw_state *state)
{
    int64_t day = 0;
    if (strcmp(state->owner, owner) != 0)
        return -ENOENT;
    if (civil_parse(state->key, &day) < 0)
        return -EINVAL;
    return day_book_restore(campus_book(p->campus), day, state->bytes, state->size);
}

void day_entries_forget(struct pipeline *p, int64_t time_us)
{
    const struct gw_local today = gw_campus_local(p->campus, time_us);
    int64_t first = civil_day(today.year, today.month, today.day) - DAY_BOOK_KEPT_DAYS;
    struct day_book *book = campus_book(p->campus);
    int64_t day = 0;
    while (day_book_oldest(book, &day) && day < first) {
        if (day_book_forget(book, day) < 0)
            return; /* tomorrow, then */
        keep_day(p, day);
    }
}
