/* naming.h - what the names of classes give away.  Thread: any. */
#ifndef CONFIG_NAMING_H
#define CONFIG_NAMING_H

#include <stdbool.h>

/* naming_has_person - @title of a class says, beside the class, somebody's name:
 * 三年级一班（张老师）, 三年级一班 王芳.  A good guess, no proof. */
bool naming_has_person(const char *title);

/* naming_grade - the grade that @id of a class says, 1 .. 12, as 3-1 and 7-2 do; 0 =
 * none.
 */
int naming_grade(const char *id);

/* naming_number - the number of a class within its grade by the @id: 3 of 2024-P-03; 0 =
 * it says none.  naming_title_number - by its folded @title (text_fold()): 三年级(3)班,
 * 初一3班, 三年级三班 */
int naming_number(const char *id);
int naming_title_number(const char *folded);

/* naming_is_nearly - @id is one by the year of entry but for a letter: 2O24-P-01 (the
 * letter O), 2024-p-01. */
bool naming_is_nearly(const char *id);

/* naming_is_odd - @id is one by the year of entry but for its signs, the letter of its
 * stage, a letter in its number or a sign behind: 2026_P_01, 2026P01, 2026-X-01,
 * 2026-P-O1, 2026-P-01-. */
bool naming_is_odd(const char *id);

/* naming_is_alike - two names are the same but for their numbers, and not one of them: 一
 * (1)班 and 三(2)班, a-101 and a-206; not so 一(1)班 and 一(1). */
bool naming_is_alike(const char *a, const char *b);

/* naming_stage - "primary", "junior", "senior" of 2024-P-01, -J- and -S-; NULL = none. */
const char *naming_stage(const char *id);

#endif
