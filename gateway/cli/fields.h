/* fields.h - "class=2024-P-01,count=2" of the command line, as a body of JSON. */
#ifndef CLI_FIELDS_H
#define CLI_FIELDS_H

#include <jansson.h>

#include "gw/error.h"

/* fields_read - puts each field of @text into @body: "3" as a number, "true" and a word
 * alone as true, the rest as a text.
 * returns  0 or -EINVAL, with @err in the language of the system: fields that are parted
 *          otherwise, one that is said twice, or bytes that are no UTF-8 */
int fields_read(const char *text, json_t *body, struct gw_error *err);

#endif
