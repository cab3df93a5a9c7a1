/* check.c - what the option tables cannot say. */
#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "gw/host.h"
#include "options.h"

enum { ADDRESSES = 65536, UNIT_MAX = 247, TCP_SELF = 255, MEMORY_MAJOR = 1 };

/* One register has no words to put in order, a bit no bytes either. */
static bool order_matters(const struct modbus_point *p)
{
    bool is_of_words = p->order == MODBUS_CDAB;
    if (frame_is_of_bits(p->function))
        return p->order == MODBUS_ABCD;
    return !is_of_words || modbus_point_span(p) > 1;
}

static int check_order(const struct gw_point_ref *point, struct gw_error *err)
{
    const struct modbus_point *p = point->options;
    if (order_matters(p))
        return 0;
    return gw_fail(
        err, -EINVAL,
        "point '%s': order %s has no effect on type %s (allowed: with types of "
        "two registers and more; badc swaps the bytes of one)",
        point->name, modbus_order_names[p->order], modbus_type_names[p->type]);
}

static int check_type(const struct modbus_device *d, const struct gw_point_ref *point,
                      struct gw_error *err)
{
    const struct modbus_point *p = point->options;
    bool is_flag = p->type == MODBUS_AUTO || p->type == MODBUS_BOOL;
    if (frame_is_of_bits(p->function) && !is_flag)
        return gw_fail(err, -EINVAL,
                       "point '%s': function %u reads single bits, not type %s (bool; "
                       "registers have functions 3 and 4)",
                       point->name, p->function, modbus_type_names[p->type]);
    if (frame_is_of_bits(p->function) && p->bit >= 0)
        return gw_fail(err, -EINVAL,
                       "point '%s': bit %d of function %u, which reads single bits (bit "
                       "goes with functions 3 and 4)",
                       point->name, p->bit, p->function);
    if (p->bit >= 0 && !is_flag)
        return gw_fail(err, -EINVAL, "point '%s': bit %d of type %s (bit goes with bool)",
                       point->name, p->bit, modbus_type_names[p->type]);
    if (!frame_is_of_bits(p->function) && modbus_point_span(p) > d->max_registers)
        return gw_fail(err, -EINVAL,
                       "point '%s': type %s takes %u registers, max_registers is %u",
                       point->name, modbus_type_names[p->type], modbus_point_span(p),
                       d->max_registers);
    return 0;
}

static int check_address(const struct modbus_device *d, const struct gw_point_ref *point,
                         struct gw_error *err)
{
    const struct modbus_point *p = point->options;
    uint32_t last = d->base + ADDRESSES - modbus_point_span(p);
    if (p->address < d->base || p->address > last)
        return gw_fail(err, -EINVAL, "point '%s': address %u (%u..%u with base %u)",
                       point->name, p->address, d->base, last, d->base);
    return 0;
}

int modbus_check_bus(const void *bus, struct gw_error *err)
{
    const struct modbus_bus *b = bus;
    if (b->late_after_us && b->late_after_us < b->timeout_us)
        return gw_fail(
            err, -EINVAL, "late_after is %lld ms (at least its timeout, %lld ms)",
            (long long)b->late_after_us / 1000, (long long)b->timeout_us / 1000);
    return b->host ? gw_host_check(b->host, err) : 0;
}

int modbus_check(const void *bus, const struct gw_device_ref *device,
                 struct gw_error *err)
{
    const struct modbus_bus *b = bus;
    const struct modbus_device *d = device->options;
    if (b->host && d->unit > UNIT_MAX && d->unit != TCP_SELF)
        return gw_fail(err, -EINVAL,
                       "unit %u over TCP (1..%d, or %d for the host itself)", d->unit,
                       UNIT_MAX, TCP_SELF);
    for (size_t i = 0; i < device->point_count; i++) {
        int r = check_type(d, &device->points[i], err);
        if (r == 0)
            r = check_order(&device->points[i], err);
        if (r == 0)
            r = check_address(d, &device->points[i], err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* Makers' tables count holding registers from 40001 and input registers from 30001, and
 * few devices have registers at these offsets. */
const char *modbus_doubt(const void *device, const void *point)
{
    const struct modbus_point *p = point;
    (void)device;
    if (p->function == 3 && p->address > 40000 && p->address < 50000)
        return "the address looks like the 40001 of a maker's table, which is register 0 "
               "(wanted: the offset: 0 for 40001, or 1 with base: 1)";
    if (p->function == 4 && p->address > 30000 && p->address < 40000)
        return "the address looks like the 30001 of a maker's table, which is register 0 "
               "(wanted: the offset: 0 for 30001, or 1 with base: 1)";
    return NULL;
}

/* Source: MODBUS over Serial Line V1.02, section 2.2: 1..247 are slaves, 248..255 are
 * reserved; some makers answer to one of these whatever the own unit is. */
void modbus_traits(const void *bus, const void *device, struct gw_traits *ret)
{
    const struct modbus_bus *b = bus;
    const struct modbus_device *d = device;
    ret->longest_us = d->max_on_us;
    if (b->host || d->unit <= UNIT_MAX)
        return;
    ret->doubted = "unit";
    ret->doubt = "units 248 to 255 are reserved on a serial line (wanted: 1..247)";
}

/* /dev/null and its like have the kernel's major number 1. */
const char *modbus_look(const void *bus, const void *device)
{
    const struct modbus_bus *b = bus;
    struct stat st;
    if (device || !b->device || stat(b->device, &st) < 0)
        return NULL;
    return S_ISCHR(st.st_mode) && major(st.st_rdev) != MEMORY_MAJOR
               ? NULL
               : "its port is no serial device (wanted: one such as /dev/ttyUSB0, or of "
                 "/dev/serial/by-id)";
}
