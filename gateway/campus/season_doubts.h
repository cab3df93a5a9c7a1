/* season_doubts.h - what of a season is hardly meant so.  Thread: main. */
#ifndef CAMPUS_SEASON_DOUBTS_H
#define CAMPUS_SEASON_DOUBTS_H

#include "campus/school.h"

/* season_has - local @day is one of @s. */
bool season_has(const struct season *s, int64_t day);

/* season_told_copy - warns where the bells of @stage in season @season, which stand at
 * @node, are those of other days, of an earlier season or of another stage. */
bool season_told_copy(const struct gw_campus *c, struct config_source *src,
                      const struct config_node *node, const char *path, int stage,
                      size_t season);

/* season_doubt_dates - warns of days that are turned round, or have no school. */
void season_doubt_dates(const struct gw_campus *c, struct config_source *src,
                        const char *path, const struct season *s);

#endif
