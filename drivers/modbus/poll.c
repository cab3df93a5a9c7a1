/* poll.c - a device's requests one after the other, and a write. */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "options.h"
#include "plan.h"

static const int64_t refused_again_us = INT64_C(600) * 1000000;

int modbus_plan_device(void *bus, const struct gw_device_ref *device,
                       struct gw_error *err)
{
    (void)bus;
    struct modbus_device *d = device->options;
    d->plan = modbus_plan_free(d->plan);
    d->is_unsure = false;
    d->earliest_us = 0;
    int r = modbus_plan_new(device, &d->plan);
    return r < 0 ? gw_fail(err, r, "device '%s': out of memory", device->name) : 0;
}

void modbus_shut(void *bus)
{
    struct modbus_bus *b = bus;
    line_close(&b->line);
    for (size_t i = 0; b->setup && i < b->setup->device_count; i++) {
        struct modbus_device *d = b->setup->devices[i].options;
        d->plan = modbus_plan_free(d->plan);
    }
}

static struct line_query query_of(const struct modbus_device *d,
                                  const struct modbus_request *r)
{
    return (struct line_query){
        .unit = (uint8_t)d->unit,
        .function = r->function,
        .address = r->address,
        .count = r->count,
        .earliest_us = d->earliest_us,
    };
}

static double value_of(const struct line *l, const struct modbus_point *p, uint32_t index)
{
    if (modbus_reads_bits(p->function))
        return l->bits[index] != 0;
    if (p->bit >= 0)
        return l->registers[index] >> p->bit & 1;
    return modbus_decode(&l->registers[index], (enum modbus_type)p->type,
                         (enum modbus_order)p->order);
}

/* Pushes the points of @r: their values, or bad when the device refused the request.
 * A queue that stays full ends the poll: the next one brings newer values. */
static bool push_request(const struct line *l, const struct gw_device_ref *device,
                         const struct modbus_request *r, const struct gw_sink *sink)
{
    const struct modbus_device *d = device->options;
    for (size_t i = 0; i < r->points; i++) {
        const struct gw_point_ref *point = &device->points[d->plan->order[r->first + i]];
        const struct modbus_point *p = point->options;
        struct gw_sample s = {
            .point = point->id,
            .quality = GW_BAD,
            .reason = GW_REASON_REJECTED,
            .source_us = GW_TIME_NONE,
            .mono_us = l->answered_us,
        };
        if (!r->exception) {
            s.raw = value_of(l, p, p->address - d->base - r->address);
            s.quality = isfinite(s.raw) ? GW_GOOD : GW_BAD;
            s.reason = isfinite(s.raw) ? GW_REASON_NONE : GW_REASON_DEVICE;
        }
        d->plan->samples[i] = s;
    }
    return sink->push(sink->ctx, d->plan->samples, r->points, NULL);
}

/* A busy slave's exception is an answer: nothing more will come of that request. */
static bool is_missed(const struct line *l, enum gw_fault fault)
{
    return fault == GW_FAULT_TRANSIENT && !l->exception;
}

/* An RTU answer carries no number: one that comes after its timeout may pass for the
 * answer to the next request of the same shape.  So after a missed answer the device
 * rests until three timeouts after its request; then its first answer is thrown away, and
 * the line must be silent for a timeout before answers are believed again. */
static void note_outcome(const struct line *l, struct modbus_device *d,
                         enum gw_fault fault)
{
    bool is_late = is_missed(l, fault) && l->kind->is_quiet;
    int64_t rest_us = is_late ? 2 * l->timeout_us : 0;
    d->earliest_us = l->answered_us + (d->min_gap_us > rest_us ? d->min_gap_us : rest_us);
    d->is_unsure = d->is_unsure || is_late;
}

static enum gw_fault resynchronise(struct line *l, struct modbus_device *d,
                                   const struct gw_sink *sink, struct gw_error *err)
{
    struct line_query q = query_of(d, &d->plan->requests[0]);
    enum gw_fault fault = line_exchange(l, &q, sink, err);
    note_outcome(l, d, fault);
    if (fault == GW_FAULT_TRANSIENT || fault == GW_FAULT_OFFLINE)
        return fault;
    if (!l->kind->is_quiet(l, l->timeout_us)) {
        line_count(sink, GW_COUNT_MALFORMED);
        (void)gw_fail(err, -EPROTO, "unit %u: answers come too late (timeout %lld ms)",
                      d->unit, (long long)l->timeout_us / 1000);
        return GW_FAULT_TRANSIENT;
    }
    d->is_unsure = false;
    return GW_FAULT_NONE;
}

static enum gw_fault ask(struct line *l, const struct gw_device_ref *device, size_t index,
                         const struct gw_sink *sink, struct gw_error *err)
{
    struct modbus_device *d = device->options;
    struct modbus_request *r = &d->plan->requests[index];
    struct line_query q = query_of(d, r);
    enum gw_fault fault = line_exchange(l, &q, sink, err);
    note_outcome(l, d, fault);
    r->exception = fault == GW_FAULT_REJECTED ? l->exception : 0;
    return fault;
}

static bool is_about_the_range(int exception)
{
    return exception == 2 || exception == 3;
}

static void tell_refusal(const struct modbus_device *d, const struct modbus_request *r,
                         struct gw_error *err)
{
    char text[LINE_QUERY_TEXT_MAX];
    struct line_query q = query_of(d, r);
    (void)gw_fail(err, -EPROTO, "%s: exception %d (%s), asked again every 10 min",
                  line_describe(&q, text), r->exception,
                  line_exception_name(r->exception));
}

enum gw_fault modbus_poll(void *bus, const struct gw_device_ref *device,
                          const struct gw_sink *sink, struct gw_error *err)
{
    struct line *l = &((struct modbus_bus *)bus)->line;
    struct modbus_device *d = device->options;
    struct modbus_plan *plan = d->plan;
    const struct modbus_request *refused = NULL;
    enum gw_fault fault = GW_FAULT_NONE;
    if (d->is_unsure && plan->count)
        fault = resynchronise(l, d, sink, err);

    for (size_t i = 0; i < plan->count && fault == GW_FAULT_NONE; i++) {
        struct modbus_request *r = &plan->requests[i];
        if (!r->exception || gw_machine_us() >= r->again_us) {
            fault = ask(l, device, i, sink, err);
            if (fault == GW_FAULT_REJECTED && is_about_the_range(r->exception)
                && modbus_plan_split(plan, device, i)) {
                fault = GW_FAULT_NONE;
                i--; /* its first half stands there now */
                continue;
            }
            if (fault == GW_FAULT_TRANSIENT || fault == GW_FAULT_OFFLINE)
                break;
            r->again_us = l->answered_us + refused_again_us;
            fault = GW_FAULT_NONE;
            if (!push_request(l, device, r, sink))
                return GW_FAULT_NONE;
        }
        if (r->exception)
            refused = r;
    }
    if (fault != GW_FAULT_NONE || !refused)
        return fault;
    tell_refusal(d, refused, err);
    return GW_FAULT_REJECTED;
}

enum gw_direction modbus_direction(const void *device, const void *point)
{
    (void)device;
    const struct modbus_point *p = point;
    bool is_written = p->function == 1 || (p->function == 3 && p->bit < 0);
    return is_written ? GW_EITHER : GW_INPUT;
}

enum gw_fault modbus_write(void *bus, const struct gw_device_ref *device,
                           const struct gw_point_ref *point, double raw,
                           struct gw_error *err)
{
    struct line *l = &((struct modbus_bus *)bus)->line;
    struct modbus_device *d = device->options;
    const struct modbus_point *p = point->options;
    uint16_t values[MODBUS_VALUE_REGISTERS] = {0};
    bool is_coil = p->function == 1;
    if ((!is_coil && p->function != 3) || p->bit >= 0) {
        (void)gw_fail(err, -EROFS,
                      "point '%s' is read only (coils and whole holding "
                      "registers can be written)",
                      point->name);
        return GW_FAULT_REJECTED;
    }
    if (modbus_encode(raw, is_coil ? MODBUS_BOOL : (enum modbus_type)p->type,
                      (enum modbus_order)p->order, values)
        < 0) {
        (void)gw_fail(err, -ERANGE, "point '%s' cannot hold %g (type %s)", point->name,
                      raw, modbus_type_names[is_coil ? MODBUS_BOOL : p->type]);
        return GW_FAULT_REJECTED;
    }
    unsigned span = modbus_point_span(p);
    bool is_single = span == 1 && d->write == MODBUS_WRITE_SINGLE;
    struct line_query q = {
        .unit = (uint8_t)d->unit,
        .function = is_coil     ? 5
                    : is_single ? 6
                                : 16,
        .address = (uint16_t)(p->address - d->base),
        .count = (uint16_t)span,
        .values = values,
        .earliest_us = d->earliest_us,
    };
    enum gw_fault fault = line_exchange(l, &q, NULL, err);
    note_outcome(l, d, fault);
    return fault;
}
