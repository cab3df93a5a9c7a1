/* school.h - what is behind struct gw_campus; for this folder only.
 * Immutable once loaded.  Thread: any. */
#ifndef CAMPUS_SCHOOL_H
#define CAMPUS_SCHOOL_H

#include "base/hash.h"
#include "campus/bells.h"
#include "campus/calendar.h"
#include "campus/zone.h"
#include "config/config.h"
#include "gw/campus.h"

/* school_stage - primary, junior, senior: what its classes share. */
struct school_stage {
    uint32_t limit; /* pupils a class, by the policy; 0 = none stated */
    struct bells bells;
};

/* Strings and lists live in the configuration's arena. */
struct gw_campus {
    struct zone *zone;
    struct school_stage stages[GW_STAGES];
    enum gw_stage stage; /* of the school */
    bool has_bells;      /* else every moment is closed */
    struct calendar calendar;
    struct gw_place *places;
    size_t place_count;
    struct text_map *place_ids;
    struct gw_class *classes;
    size_t class_count;
    struct text_map *class_ids;
};

extern const char *const stage_names[]; /* NULL-terminated, for GW_OPT_ENUM */
extern const struct gw_option place_options[];
extern const struct gw_option class_options[];

/* Each reads its section of @campus, campus.yaml's root; faults are added.  Classes
 * after stages.  0 or -ENOMEM. */
int places_load(struct gw_campus *c, struct config_source *src,
                const struct config_node *campus);
int classes_load(struct gw_campus *c, struct config_source *src,
                 const struct config_node *campus);

#endif
