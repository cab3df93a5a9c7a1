/* text.h - text into a field of fixed size.  Thread: any. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>

/* text_copy - as much of @text as fits @size (at least 1), ended by NUL and never in the
 * middle of a UTF-8 character. */
void text_copy(char *ret, size_t size, const char *text);

/* text_trim - takes away a character that was cut at the end of @text. */
void text_trim(char *text);

#endif
