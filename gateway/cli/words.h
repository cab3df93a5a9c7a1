/* words.h - the API's words in the language of the person at the terminal. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

/* words_tell - @english, a head of a table, a state or a quality, in Chinese where the
 * system is; as it is elsewhere, and where it is no such word (a name, a number).
 * words_phrase - one of two sentences or formats, likewise. */
const char *words_tell(const char *english);
const char *words_phrase(const char *english, const char *chinese)
    __attribute__((format_arg(1), format_arg(2)));

#endif
