/* rule_options.h - the keys of a rule.  Thread: main. */
#ifndef RULES_RULE_OPTIONS_H
#define RULES_RULE_OPTIONS_H

#include "config/schema.h"

/* rule_text - what stands in the file. */
struct rule_text {
    const char *id;
    bool enabled;
    struct gw_text title;
    const struct config_node *each;
    const struct config_node *inputs;
    const struct config_node *parameters;
    const char *when;
    const char *clear;
    int64_t hold_us;
    int64_t clear_hold_us;
    struct gw_strings during;
    int64_t slice_start_us;
    int64_t slice_end_us;
    const char *at;
    const char *days;
    const char *clear_days;
    const struct config_node *expect;
    bool latched;
    const struct config_node *severity;
    int exempt; /* by exempts of rule_options.c */
    struct gw_strings outputs;
    const char *basis;
    const char *basis_edition;
    struct gw_text action;
};

extern const struct gw_option rule_options[];

#endif
