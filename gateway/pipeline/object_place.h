/* object_place.h - where the object of an alarm is.  Thread: any. */
#ifndef PIPELINE_OBJECT_PLACE_H
#define PIPELINE_OBJECT_PLACE_H

#include "gw/campus.h"
#include "points/point_table.h"

/* object_place - the place that @object is, the room of a class, or where a device's
 * points are.  NULL = it is nowhere */
const struct gw_place *object_place(const struct point_table *points,
                                    const struct gw_campus *campus, const char *object);

#endif
