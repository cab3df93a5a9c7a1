/* options.h - the private structs of a Modbus bus, device and point. */
#ifndef MODBUS_OPTIONS_H
#define MODBUS_OPTIONS_H

#include "decode.h"
#include "gw/driver.h"
#include "lesson.h"
#include "line.h"
#include "transport.h"

struct modbus_plan;

/* Of both drivers: what the YAML says first, then what open() makes of it. */
struct modbus_bus {
    const char *device; /* rtu: the serial port */
    int baud;           /* index into rtu_bauds */
    int parity;
    uint32_t data_bits;
    uint32_t stop_bits;
    const char *host; /* tcp */
    uint32_t port;
    int64_t timeout_us;
    int64_t late_after_us; /* rtu: 0 = a little after the timeout */
    int64_t gap_us;

    const struct gw_bus_setup *setup;
    struct line line;
};

enum modbus_write { MODBUS_WRITE_SINGLE, MODBUS_WRITE_MULTIPLE };

/* max_hole      -1 = as many as cost less than a request of their own
 * earliest_us, is_unsure   kept while the bus closes and opens again
 * earliest_us   before it a late answer may still come; machine time
 * is_unsure     an answer did not come at all and may yet: see poll.c
 * is_away       it did not answer, or the bus opened anew: it may be another one now
 * is_forgiven   a refusal ended: the plan is to be made anew, without its splits */
struct modbus_device {
    uint32_t unit;
    uint32_t base;
    uint32_t max_registers;
    int32_t max_hole;
    int64_t min_gap_us;
    int write;
    int64_t max_on_us;

    struct modbus_plan *plan;
    int64_t earliest_us;
    bool is_unsure;
    bool is_away;
    bool is_forgiven;
};

struct modbus_point {
    uint32_t function;
    uint32_t address;
    int type;
    int order;
    int32_t bit; /* of a register, -1 = the whole */

    struct modbus_lesson lesson;
};

static inline unsigned modbus_point_span(const struct modbus_point *p)
{
    return frame_is_of_bits(p->function)
               ? 1
               : modbus_type_registers((enum modbus_type)p->type);
}

/* poll.c: the work of both drivers. */
int modbus_plan_device(void *bus, const struct gw_device_ref *device,
                       struct gw_error *err);
enum gw_fault modbus_poll(void *bus, const struct gw_device_ref *device,
                          const struct gw_sink *sink, struct gw_error *err);
/* tcp_load - gw_driver.load of a TCP bus, by an assumed round trip. */
double tcp_load(const void *bus, const struct gw_device_ref *device);

/* modbus_same_unit - behind one address. */
bool modbus_same_unit(const void *device, const void *other);

/* modbus_direction - coils and whole holding registers can be written. */
enum gw_direction modbus_direction(const void *device, const void *point);
enum gw_fault modbus_write(void *bus, const struct gw_device_ref *device,
                           const struct gw_point_ref *point, double raw,
                           struct gw_error *err);
void modbus_shut(void *bus);

/* check.c */
int modbus_check_bus(const void *bus, struct gw_error *err);
int modbus_check(const void *bus, const struct gw_device_ref *device,
                 struct gw_error *err);
void modbus_traits(const void *bus, const void *device, struct gw_traits *ret);
const char *modbus_doubt(const void *device, const void *point);
const char *modbus_look(const void *bus, const void *device);

#endif
