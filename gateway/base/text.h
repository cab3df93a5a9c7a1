/* text.h - text into a field of fixed size, a number out of it.  Thread: any. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* text_copy - as much of @text as fits @size (at least 1), ended by NUL and never in the
 * middle of a UTF-8 character. */
void text_copy(char *ret, size_t size, const char *text);

/* text_trim - takes away a character that was cut at the end of @text. */
void text_trim(char *text);

/* text_mend - takes away what is no whole UTF-8 character anywhere in @text: "%.80s" cuts
 * in the middle of one. */
void text_mend(char *text);

/* text_wide - the first full-width form (：，１Ａ。) in @text into @ret, and what is
 * meant by it.  returns false: there is none */
bool text_wide(const char *text, char ret[4], char *ret_narrow);

/* text_to_positive - a decimal number of 63 bits above zero, written without sign or
 * leading zero.
 * text     NULL is none
 * returns  false for anything else, and then leaves @ret */
bool text_to_positive(const char *text, uint64_t *ret);

/* text_skip - moves *text behind @word.  returns false: it does not begin with it */
bool text_skip(const char **text, const char *word);

/* text_numeral - the longest Chinese numeral, 一 to 九十九, at *text that is not above
 * @most, and moves *text behind it: of 二十 it is 2 where 12 is the most, and of 一十 it
 * is 1 (初一十班 is the tenth class of a grade).
 * returns  1..most, or 0: there is none */
int text_numeral(const char **text, int most);

/* text_fold - @text as what people write is compared: without blanks, also those
 * that are not seen; wide forms (（１）) as narrow ones; small letters; cut to fit @size.
 */
void text_fold(const char *text, char *ret, size_t size);

#endif
