/* validator.h - JSON Schema (draft 2020-12) for exactly the keywords our schemas use.
 *
 * A keyword that is not known is an error when the schema is read: a contract must not
 * say what nobody checks.  Thread: immutable once read.
 */
#ifndef INGEST_VALIDATOR_H
#define INGEST_VALIDATOR_H

#include <jansson.h>

#include "gw/error.h"

struct validator;

/* validator_new - reads and compiles the schema file @path.
 * returns 0 and *ret, or gw_fail(): the file, the place in the schema and the keyword
 * Owner:  caller; validator_free() */
int validator_new(const char *path, struct validator **ret, struct gw_error *err);
struct validator *validator_free(struct validator *v);

/* validator_check - returns 0, or -EINVAL with the first fault as
 * "data.items[3].valid: 1.2 is above the maximum 1". */
int validator_check(const struct validator *v, const json_t *document,
                    struct gw_error *err);

#endif
