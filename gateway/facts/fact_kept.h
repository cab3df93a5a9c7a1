/* fact_kept.h - rows of the fact book as the texts that are kept: JSON with every value
 * by name, so that another version of facts.yaml still finds its own.  Thread: the
 * pipeline's. */
#ifndef FACTS_FACT_KEPT_H
#define FACTS_FACT_KEPT_H

#include <jansson.h>

#include "gw/log.h"
#include "facts/fact_book.h"

#define FACT_OWNER "facts"
#define FACT_CLOCK_KEY "clock"

enum { FACT_KEY_MAX = 4 * GW_ID_MAX };

/* Keys name the plan, the object and the days. */
void fact_row_key(const struct fact_plan *plan, const struct fact_row *row,
                  char ret[FACT_KEY_MAX]);
void fact_told_key(const struct fact_plan *plan, const struct fact_told *told,
                   char ret[FACT_KEY_MAX]);

/* Texts; NULL = out of memory.  Owner: caller; free() */
char *fact_row_text(const struct fact_plan *plan, const struct fact_row *row);
char *fact_told_text(const struct fact_plan *plan, const struct fact_told *told);
char *fact_clock_text(const struct fact_clock *clock);

/* And back; 0 or -EINVAL.  fact_row_head: the object, in @kept, and the day. */
int fact_row_head(const json_t *kept, const char **ret_object, int64_t *ret_day);
int fact_row_read(const struct fact_plan *plan, const json_t *kept, struct fact_row *ret);
int fact_told_read(const json_t *kept, struct fact_told *ret);
int fact_clock_read(const json_t *kept, struct fact_clock *ret);

#endif
