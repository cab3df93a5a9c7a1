/* status.h - the rows of buses and devices that other threads may copy.
 *
 * Bus threads put their own rows, anyone copies; one leaf lock.  Thread: any.
 */
#ifndef FIELD_STATUS_H
#define FIELD_STATUS_H

#include "field/field.h"

struct status;

int status_new(size_t buses, size_t devices, struct status **ret);
struct status *status_free(struct status *s);

void status_put_bus(struct status *s, size_t row, const struct field_bus_status *bus);
void status_put_device(struct status *s, size_t row,
                       const struct field_device_status *device);

size_t status_buses(struct status *s, struct field_bus_status *ret, size_t max);
size_t status_devices(struct status *s, struct field_device_status *ret, size_t max);

#endif
