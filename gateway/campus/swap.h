/* swap.h - lessons of a class that were exchanged, one with another and on and on: they
 * are taken back together, or one would be taught twice and another not at all.
 * Thread: the pipeline's. */
#ifndef CAMPUS_SWAP_H
#define CAMPUS_SWAP_H

#include "campus/day_book.h"

enum { SWAP_LESSONS_MAX = 32 };

struct swap {
    struct day_lesson lessons[SWAP_LESSONS_MAX];
    size_t count;
};

/* swap_take_back - @lesson and all that hang together with it are as the week has them.
 * ret      which, @lesson first
 * returns  0, -ENOMEM, or -ENOSPC: too many hang together, and nothing was done */
int swap_take_back(struct day_book *book, const char *class_id, struct day_lesson lesson,
                   struct swap *ret);

#endif
