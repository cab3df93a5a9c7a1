/* show_field.h - members of the API's objects as text and numbers, absent ones too. */
#ifndef CLI_SHOW_FIELD_H
#define CLI_SHOW_FIELD_H

#include <jansson.h>

/* field_text - @object[key], "-" when absent, null or no text. */
const char *field_text(const json_t *object, const char *key);

/* field_count - @object[key] as a whole number, 0 when absent. */
json_int_t field_count(const json_t *object, const char *key);

/* field_clock - "08:20:31" of an RFC 3339 time in @object[key], "-" when unknown; with
 * the date in front when it is not that of @now (NULL: no date). */
enum { FIELD_CLOCK_MAX = 32 };
const char *field_clock(const json_t *object, const char *key, const char *now,
                        char ret[FIELD_CLOCK_MAX]);

/* field_span - seconds as "3 d 4 h", "12 min", "8 s". */
const char *field_span(json_int_t seconds, char ret[FIELD_CLOCK_MAX]);

#endif
