/* schema_set.h - the contract's schemas by CloudEvents type.  Thread: immutable. */
#ifndef INGEST_SCHEMA_SET_H
#define INGEST_SCHEMA_SET_H

#include <jansson.h>

#include "gw/error.h"

struct schema_set;

/* schema_set_new - reads <kind>.json of every kind of message from @folder; a missing
 * or unusable one is an error.  Owner: caller; schema_set_free() */
int schema_set_new(const char *folder, struct schema_set **ret, struct gw_error *err);
struct schema_set *schema_set_free(struct schema_set *s);

/* schema_set_check - @body against the schema of its type, which must belong on
 * @topic ("alarm", …). */
int schema_set_check(const struct schema_set *s, const char *topic, const char *type,
                     const json_t *body, struct gw_error *err);

/* schema_set_topic - the topic of "campus.alarm.v1"; NULL: it is none of the contract's.
 */
const char *schema_set_topic(const char *type);

#endif
