#include "campus/swap.h"

#include <errno.h>

static int add(struct swap *s, struct day_lesson lesson)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->lessons[i].day == lesson.day && s->lessons[i].number == lesson.number)
            return 0;
    if (s->count == SWAP_LESSONS_MAX)
        return -ENOSPC;
    s->lessons[s->count++] = lesson;
    return 0;
}

/* add_tied - what is taught in lesson @index belongs to another one, and where its own is
 * taught. */
static int add_tied(struct swap *s, struct day_book *book, const char *class_id,
                    size_t index)
{
    const struct day_lesson lesson = s->lessons[index];
    struct day_lesson other;
    struct day_change change;
    size_t at = 0;
    int r = 0;
    if (day_book_change(book, lesson.day, class_id, lesson.number, &change))
        r = add(s, change.origin);
    while (r == 0 && day_book_moved(book, class_id, lesson, &at, &other))
        r = add(s, other);
    return r;
}

int swap_take_back(struct day_book *book, const char *class_id, struct day_lesson lesson,
                   struct swap *ret)
{
    int r = 0;
    *ret = (struct swap){.lessons = {lesson}, .count = 1};
    for (size_t i = 0; r == 0 && i < ret->count; i++)
        r = add_tied(ret, book, class_id, i);
    for (size_t i = 0; r == 0 && i < ret->count; i++)
        r = day_book_set_change(book, ret->lessons[i].day, class_id,
                                ret->lessons[i].number, NULL);
    return r;
}
