/* area_answer.h - what people are told of areas.  Thread: the pipeline's. */
#ifndef AREA_ANSWER_H
#define AREA_ANSWER_H

#include "area.h"

/* areas_answer - every area and zone as it is, one JSON list. */
void areas_answer(const struct defense *d, int64_t time_us);

/* areas_answer_arm - a line for each area that @target names ("all" = every one): its
 * mode, from when it watches, and what it cannot watch now; and those areas as
 * areas_answer() has them. */
void areas_answer_arm(const struct defense *d, const char *target, int64_t time_us);

/* area_is_named - by @target: "all", or its id. */
bool area_is_named(const struct area *a, const char *target);

#endif
