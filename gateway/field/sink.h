/* sink.h - where a driver's findings enter the river: the sink of one bus, and the
 * bad samples that the bus itself pushes for its devices.  Thread: the bus.
 */
#ifndef FIELD_SINK_H
#define FIELD_SINK_H

#include "field/bus.h"

/* sink_init - the four functions, bound to @bus. */
void sink_init(struct bus *bus);

/* sink_tell_offline - pushes every point of @device bad, once until it answers again.
 * Waits for room in the queue. */
void sink_tell_offline(struct bus *bus, struct device *device);

/* sink_tell_back - every point of @device that can be written may have lost its value. */
void sink_tell_back(const struct bus *bus, const struct device *device);

#endif
