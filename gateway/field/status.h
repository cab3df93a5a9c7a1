/* status.h - the rows of one bus and its devices that other threads may copy.
 *
 * The bus's thread puts them, anyone copies; one leaf lock.  Thread: any.
 */
#ifndef FIELD_STATUS_H
#define FIELD_STATUS_H

#include "field/field.h"

struct status;

int status_new(size_t devices, struct status **ret);
struct status *status_free(struct status *s);

void status_put_bus(struct status *s, const struct field_bus_status *bus);
void status_put_device(struct status *s, size_t row,
                       const struct field_device_status *device);

/* status_see_device - puts nothing but when it was seen last. */
void status_see_device(struct status *s, size_t row, int64_t seen_us);

void status_bus(struct status *s, struct field_bus_status *ret);

/* status_devices - at most @max; returns how many were copied. */
size_t status_devices(struct status *s, struct field_device_status *ret, size_t max);

#endif
