/* storage_rule.h - which readings go into the log: dead band and longest silence.
 *
 * A change of quality and an event always do.  Thread: the pipeline's.
 */
#ifndef POINTS_STORAGE_RULE_H
#define POINTS_STORAGE_RULE_H

#include "points/point_table.h"

struct storage_rule;

/* storage_rule_new - for the entries that @points has now. */
int storage_rule_new(const struct point_table *points, struct storage_rule **ret);
struct storage_rule *storage_rule_free(struct storage_rule *s);

/* storage_rule_admits - true when @reading of @entry is to be logged, and remembers it as
 * the last logged one.  @is_whole: the point feeds a rule, no dead band. */
bool storage_rule_admits(struct storage_rule *s, const struct point_entry *entry,
                         const struct gw_reading *reading, bool is_whole);

/* storage_rule_take_over - what @old logged last; @from as condition_take_over() has it.
 */
void storage_rule_take_over(struct storage_rule *s, const struct storage_rule *old,
                            const size_t *from);

#endif
