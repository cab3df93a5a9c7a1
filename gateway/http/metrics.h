/* metrics.h - the status as Prometheus text. */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include <jansson.h>

#include "base/strbuf.h"

/* metrics_write - every number of the table that @status (an object as of
 * GET /api/v1/status) holds; absent ones are left out.
 * Source:  Prometheus text exposition format 0.0.4 */
void metrics_write(struct strbuf *out, const json_t *status);

#endif
