/* json_path.h - "line_total_data[0].total.in_counted": one value within a document.
 *
 * Keys are separated by points; [n] takes the n-th element of an array,
 * [key=text] its first object whose member @key is that text or whole number.
 * "." is the document itself.  Thread: any.
 */
#ifndef MQTT_JSON_PATH_H
#define MQTT_JSON_PATH_H

#include <jansson.h>

#include "gw/error.h"

struct json_path;

enum { JSON_PATH_STEPS = 16, JSON_PATH_MAX = 200 };

/* json_path_new - returns 0 and *ret, or gw_fail() with what is wrong in @text.
 * Owner: caller; json_path_free() accepts NULL and returns NULL. */
int json_path_new(const char *text, struct json_path **ret, struct gw_error *err);
struct json_path *json_path_free(struct json_path *p);

/* json_path_find - borrowed from @root; NULL when it is not there. */
json_t *json_path_find(const struct json_path *p, json_t *root);

#endif
