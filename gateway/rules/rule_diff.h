/* rule_diff.h - what two trees say differently about rules.  Thread: any. */
#ifndef RULES_RULE_DIFF_H
#define RULES_RULE_DIFF_H

#include "config/diff.h"

/* rules_diff - a row for each rule that comes, goes or is another, by what holds: the
 * school's words over the pack's, and what is unsaid by its default.  Both trees are free
 * of faults.  returns 0 or -ENOMEM */
int rules_diff(const struct config *before, const struct config *after,
               struct config_diff *diff);

#endif
