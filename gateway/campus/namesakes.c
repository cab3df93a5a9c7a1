#include "campus/namesakes.h"

#include <string.h>

#include "base/text.h"
#include "campus/names.h"
#include "campus/school.h"

/* is_title - @text, folded, is one of @title. */
static bool is_title(const struct gw_text *title, const char *text)
{
    char folded[NAME_MAX_BYTES];
    char own[NAME_MAX_BYTES];
    text_fold(text, folded, sizeof(folded));
    text_fold(title->zh ? title->zh : "", own, sizeof(own));
    if (strcmp(own, folded) == 0)
        return true;
    text_fold(title->en ? title->en : "", own, sizeof(own));
    return strcmp(own, folded) == 0;
}

/* found - one more that is called so; true: the second. */
static bool found(struct namesakes *n, const char *id)
{
    if (!n->first) {
        n->first = id;
        return false;
    }
    n->second = id;
    return true;
}

bool namesakes_class(const struct gw_campus *c, const char *text, struct namesakes *ret)
{
    *ret = (struct namesakes){0};
    for (size_t i = 0; i < c->class_count; i++)
        if (is_title(&c->classes[i].title, text) && found(ret, c->classes[i].id))
            return true;
    return false;
}

bool namesakes_place(const struct gw_campus *c, const char *text, struct namesakes *ret)
{
    *ret = (struct namesakes){0};
    for (size_t i = 0; i < c->place_count; i++)
        if (is_title(&c->places[i].title, text) && found(ret, c->places[i].id))
            return true;
    return false;
}
