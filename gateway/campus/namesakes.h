/* namesakes.h - classes and places that are called the same: whoever writes the title is
 * told the ids.  Thread: any. */
#ifndef CAMPUS_NAMESAKES_H
#define CAMPUS_NAMESAKES_H

#include "gw/campus.h"

struct namesakes {
    const char *first;
    const char *second;
};

/* namesakes_class, namesakes_place - the ids of two that have the title @text, as
 * text_fold() compares.  returns false: fewer than two have */
bool namesakes_class(const struct gw_campus *c, const char *text, struct namesakes *ret);
bool namesakes_place(const struct gw_campus *c, const char *text, struct namesakes *ret);

#endif
