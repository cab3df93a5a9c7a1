/* plan.h - the fewest requests that read a device's points.
 *
 * Points of one function are merged while they fit in one request and the registers
 * between them that nobody wants are few.  Thread: the bus.
 */
#ifndef MODBUS_PLAN_H
#define MODBUS_PLAN_H

#include "gw/driver.h"
#include "options.h"

/* modbus_request - @points of the plan's order from @first on; what was learnt of a
 * request that was refused is the lesson of each of its points. */
struct modbus_request {
    uint8_t function;
    uint16_t address; /* on the wire */
    uint16_t count;   /* registers or bits */
    size_t first;
    size_t points;
};

struct modbus_plan {
    struct modbus_request *requests;
    size_t count;
    uint32_t *order; /* indices of the device's points, by function and address */
    struct gw_sample *samples; /* room for the largest request */
};

/* modbus_plan_new - for the device's points, limits and lessons as options.h has them.
 * spare_characters  what one more request costs on the wire
 * Owner: caller; modbus_plan_free(). */
int modbus_plan_new(const struct gw_device_ref *device, unsigned spare_characters,
                    struct modbus_plan **ret);
struct modbus_plan *modbus_plan_free(struct modbus_plan *p);

/* modbus_plan_split - halves request @index, which the device refused as a whole, and
 * learns it.  false: it is of one address and cannot be smaller */
bool modbus_plan_split(struct modbus_plan *p, const struct gw_device_ref *device,
                       size_t index);

/* modbus_plan_lesson - what was learnt of request @r, from the first of its points. */
const struct modbus_lesson *modbus_plan_lesson(const struct modbus_plan *p,
                                               const struct gw_device_ref *device,
                                               const struct modbus_request *r);

/* modbus_plan_learn - @r was answered at @now_us: with @exception, or 0. */
void modbus_plan_learn(const struct modbus_plan *p, const struct gw_device_ref *device,
                       const struct modbus_request *r, int exception, int64_t now_us);

/* modbus_plan_try - while the device refuses all, its first request goes every 30 s at
 * least, and tells when that is over. */
void modbus_plan_try(const struct modbus_plan *p, const struct gw_device_ref *device,
                     int64_t now_us);

/* modbus_plan_renew - the device was away: what it refused is asked anew in 30 s. */
void modbus_plan_renew(const struct gw_device_ref *device, int64_t now_us);

/* modbus_plan_forget - of all splits; what is refused is asked at @now_us. */
void modbus_plan_forget(const struct gw_device_ref *device, int64_t now_us);

#endif
