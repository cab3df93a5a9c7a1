/* history_values.h - how logged readings, or what they were over steps, are written.
 * Thread: any. */
#ifndef HTTP_HISTORY_VALUES_H
#define HTTP_HISTORY_VALUES_H

#include <jansson.h>

#include "base/strbuf.h"
#include "config/config.h"
#include "store/trend.h"

/* history_readings_json, history_values_json - a list; NULL = out of memory.
 * @kind: of the point's metric: a counter's values have an increase, a state's a share */
json_t *history_readings_json(const struct gw_reading *readings, size_t count,
                              int offset_s);
json_t *history_values_json(const struct trend *trend, enum config_metric_kind kind,
                            int offset_s);

/* The same as a table, with its heading. */
void history_readings_csv(const struct gw_reading *readings, size_t count, int offset_s,
                          struct strbuf *out);
void history_values_csv(const struct trend *trend, enum config_metric_kind kind,
                        int offset_s, struct strbuf *out);

#endif
