/* names.h - what people write for classes, subjects, rooms and weekdays.  Thread: any. */
#ifndef CAMPUS_NAMES_H
#define CAMPUS_NAMES_H

#include <stdbool.h>

#include "base/hash.h"

enum { NAME_MAX_BYTES = 256 };

/* The value of a name that several have. */
static const uint32_t NAME_OF_SEVERAL = UINT32_MAX - 1;

/* name_put, name_get - a map of names that text_fold() folds.  name_put: 0, -EEXIST or
 * -ENOMEM; name_get: the value, or UINT32_MAX, also for a name of several */
int name_put(struct text_map *names, const char *text, uint32_t value);
uint32_t name_get(const struct text_map *names, const char *text);

/* name_grade - 1 .. 12, the school year that a class's @title begins with; 0 = it says
 * none.  三年级一班, 初一(2)班; 一(1)班 is the first year of whatever stage. */
int name_grade(const char *title);

/* name_weekday - "friday", "Fri", 周五, 星期五 at the start of folded @text: 1 Monday ..
 * 7 Sunday, 0 = none.  @ret_rest: what stands behind it; may be NULL. */
int name_weekday(const char *folded, const char **ret_rest);

/* name_of_weekday - Monday or 周一 of 1 .. Sunday or 周日 of 7. */
const char *name_of_weekday(int weekday, bool is_chinese);

/* name_number - "3", 第三节, "lesson 3" as a whole: 1..99, 0 = none. */
int name_number(const char *folded);

#endif
