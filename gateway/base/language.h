/* language.h - which language a person is to be told in: Chinese, or else English.
 * Thread: any.
 */
#ifndef BASE_LANGUAGE_H
#define BASE_LANGUAGE_H

#include <stdbool.h>

/* language_is_chinese - of this system: LC_ALL, LC_MESSAGES, LANG, the first that is
 * set. */
bool language_is_chinese(void);

/* language_accepts_chinese - of a person on the network: Chinese is what @accept, an
 * Accept-Language field, wants most; NULL or "" = that of this system.
 * Source:  RFC 9110, section 12.5.4 */
bool language_accepts_chinese(const char *accept);

#endif
