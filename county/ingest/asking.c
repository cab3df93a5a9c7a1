#include "ingest/asking.h"

#include <stdlib.h>

/* Puts @fresh in the place of @old.  *ret_is_changed stays as it is when they are alike.
 */
static void replace(struct range_set *old, struct range_set *fresh, bool *ret_is_changed)
{
    bool is_same = old->count == fresh->count;
    for (size_t i = 0; is_same && i < old->count; i++)
        is_same = old->items[i].from == fresh->items[i].from
                  && old->items[i].to == fresh->items[i].to;
    *ret_is_changed = *ret_is_changed || !is_same;
    range_set_clear(old);
    *old = *fresh;
    *fresh = (struct range_set){0};
}

/* What has come or is gone needs no asking; what is new is noticed, unless older holes
 * are still waiting for their turn. */
static int look(struct asking *a, int64_t now_us, bool *ret_is_changed)
{
    struct range_set asked = {0};
    struct range_set fresh = {0};
    struct range_set noticed = {0};
    int r = range_set_intersect(&a->asked, &a->holes, &asked);
    if (r == 0)
        r = range_set_subtract(&a->holes, &asked, &fresh);
    if (r == 0)
        r = range_set_intersect(&a->noticed, &fresh, &noticed);
    if (r == 0) {
        bool is_first = noticed.count == 0 && fresh.count > 0;
        replace(&a->asked, &asked, ret_is_changed);
        replace(&a->noticed, is_first ? &fresh : &noticed, ret_is_changed);
        if (is_first)
            a->noticed_us = now_us;
        if (a->asked.count == 0)
            a->asked_us = a->wait_us = 0;
    }
    range_set_clear(&asked);
    range_set_clear(&fresh);
    range_set_clear(&noticed);
    return r;
}

/* A clock that was set back must not make anybody wait for ever. */
static bool has_passed(int64_t since_us, int64_t wait_us, int64_t now_us)
{
    return now_us - since_us >= wait_us || now_us < since_us;
}

static int take(const struct range_set *from, struct range_set *ret)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < from->count && ret->count < ASKING_RANGES_MAX; i++)
        r = range_set_join(ret, from->items[i]);
    return r;
}

static int note(struct asking *a, const struct range_set *request)
{
    bool unused = false;
    struct range_set left = {0};
    int r = range_set_subtract(&a->noticed, request, &left);
    for (size_t i = 0; r == 0 && i < request->count; i++)
        r = range_set_join(&a->asked, request->items[i]);
    if (r == 0)
        replace(&a->noticed, &left, &unused);
    range_set_clear(&left);
    return r;
}

int asking_judge(struct asking *a, const struct asking_pace *pace, int64_t now_us,
                 bool *ret_is_changed, struct range_set *ret)
{
    *ret_is_changed = false;
    int r = look(a, now_us, ret_is_changed);
    if (r < 0 || a->is_away)
        return r;
    bool is_old =
        a->noticed.count > 0 && has_passed(a->noticed_us, pace->first_us, now_us);
    bool is_again = a->asked.count > 0 && a->heard_us > a->asked_us
                    && has_passed(a->asked_us, a->wait_us, now_us);
    if (is_again)
        r = take(&a->asked, ret);
    if (r == 0 && is_old)
        r = take(&a->noticed, ret);
    if (r < 0 || ret->count == 0)
        return r;
    if (is_again || a->wait_us == 0) {
        a->asked_us = now_us;
        a->wait_us = a->wait_us == 0 ? pace->first_us : 2 * a->wait_us;
        a->wait_us = a->wait_us > pace->last_us ? pace->last_us : a->wait_us;
    }
    *ret_is_changed = true;
    return note(a, ret);
}

bool asking_is_over(const struct asking *a)
{
    return a->noticed.count == 0 && a->asked.count == 0;
}

struct asking *asking_list_add(struct asking_list *list)
{
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 16;
        struct asking *items = realloc(list->items, room * sizeof(*items));
        if (!items)
            return NULL;
        list->items = items;
        list->room = room;
    }
    list->items[list->count] = (struct asking){0};
    return &list->items[list->count++];
}

void asking_list_clear(struct asking_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        range_set_clear(&list->items[i].holes);
        range_set_clear(&list->items[i].noticed);
        range_set_clear(&list->items[i].asked);
    }
    free(list->items);
    *list = (struct asking_list){0};
}
