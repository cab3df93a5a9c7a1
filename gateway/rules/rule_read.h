/* rule_read.h - one rule from the pack's text and the school's over it.  Thread: main. */
#ifndef RULES_RULE_READ_H
#define RULES_RULE_READ_H

#include "config/layers.h"
#include "rules/rule_model.h"

/* rule_read - *ret stays as it is when the rule is switched off or has faults.
 * @layers: 1..2 mappings of one id; must stay until it returns
 * returns 0 or -ENOMEM */
int rule_read(struct rules *r, struct config_source *src, const struct config *config,
              const struct layer *layers, size_t count, struct rule **ret);

/* rule_tell_weakened - warns where a later layer switches a rule of P1 off or lowers it:
 * its basis is a law, mostly. */
void rule_tell_weakened(struct config_source *src, const struct layer *layers,
                        size_t count);

#endif
