/* bell_doubts.h - what of the bells of a day is hardly meant so.  Thread: main. */
#ifndef CAMPUS_BELL_DOUBTS_H
#define CAMPUS_BELL_DOUBTS_H

#include "campus/school.h"

/* bells_doubt - warns of @b, loaded from the list @node: lessons and breaks that are not
 * as the others of the day, holes between them, and what @stage does not allow.  What is
 * wrong with the stage's own times is told once, at them. */
void bells_doubt(struct config_source *src, const struct config_node *node,
                 const char *path, const struct bells *b, struct school_stage *stage);

#endif
