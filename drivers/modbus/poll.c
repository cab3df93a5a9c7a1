/* poll.c - a device's requests one after the other, and a write. */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "exception.h"
#include "options.h"
#include "plan.h"

enum { REFUSALS_TOLD = 3 };

/* Over TCP a serial line may stand behind the address: as there at 9600. */
static const unsigned tcp_spare_characters = 20;

static int make_plan(const struct modbus_bus *b, const struct gw_device_ref *device)
{
    struct modbus_device *d = device->options;
    struct modbus_plan *plan = NULL;
    unsigned spare = b->host ? tcp_spare_characters : rtu_spare_characters(b);
    int r = modbus_plan_new(device, spare, &plan);
    if (r < 0)
        return r;
    modbus_plan_free(d->plan);
    d->plan = plan;
    return 0;
}

int modbus_plan_device(void *bus, const struct gw_device_ref *device,
                       struct gw_error *err)
{
    struct modbus_device *d = device->options;
    int r = make_plan(bus, device);
    d->is_away = true;
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

static struct frame_query query_of(const struct modbus_device *d,
                                   const struct modbus_request *r)
{
    return (struct frame_query){
        .unit = (uint8_t)d->unit,
        .function = r->function,
        .address = r->address,
        .count = r->count,
    };
}

static double value_of(const struct line *l, const struct modbus_point *p, uint32_t index)
{
    if (frame_is_of_bits(p->function))
        return l->bits[index] != 0;
    if (p->bit >= 0)
        return l->registers[index] >> p->bit & 1;
    return modbus_decode(&l->registers[index], (enum modbus_type)p->type,
                         (enum modbus_order)p->order);
}

/* What the answer, or the exception instead of it, makes of point @p. */
static struct gw_sample sample_of(const struct line *l, const struct modbus_device *d,
                                  const struct modbus_request *r,
                                  const struct gw_point_ref *point)
{
    const struct modbus_point *p = point->options;
    struct gw_sample s = {
        .point = point->id,
        .quality = GW_BAD,
        .reason = GW_REASON_DEVICE,
        .source_us = GW_TIME_NONE,
        .mono_us = l->answered_us,
    };
    if (l->exception) {
        if (exception_kind(l->exception) != EXCEPTION_FAILING)
            s.reason = GW_REASON_REJECTED;
        return s;
    }
    s.raw = value_of(l, p, p->address - d->base - r->address);
    if (isfinite(s.raw)) {
        s.quality = GW_GOOD;
        s.reason = GW_REASON_NONE;
    }
    return s;
}

/* false: the queue stays full and the bus is to stop */
static bool push_request(const struct line *l, const struct gw_device_ref *device,
                         const struct modbus_request *r, const struct gw_sink *sink)
{
    const struct modbus_device *d = device->options;
    for (size_t i = 0; i < r->points; i++)
        d->plan->samples[i] =
            sample_of(l, d, r, &device->points[d->plan->order[r->first + i]]);
    return sink->push(sink->ctx, d->plan->samples, r->points, NULL);
}

/* An answer on a serial line carries no number: one that comes too late may pass for the
 * answer to the next request of the same shape.  So after any miss the device rests until
 * late_after has passed since its request.  After a silence that is not enough, as a
 * converter that was stuck lets go of all it has kept, and a slave that is late each time
 * would stay one answer behind for ever: the first answer is thrown away, and then
 * nothing may come until all is over that was ever asked.  See docs/decisions/0017. */
static void note_outcome(const struct line *l, struct modbus_device *d,
                         enum gw_fault fault)
{
    bool is_missed = fault == GW_FAULT_TRANSIENT && !l->exception && l->kind->is_quiet;
    d->earliest_us = l->answered_us + d->min_gap_us;
    if (is_missed && d->earliest_us < l->sent_us + l->late_after_us)
        d->earliest_us = l->sent_us + l->late_after_us;
    d->is_unsure = d->is_unsure || (is_missed && l->verdict == ANSWER_TIMEOUT);
    d->is_away = d->is_away || fault == GW_FAULT_OFFLINE
                 || (fault == GW_FAULT_TRANSIENT && !l->exception);
}

static enum gw_fault resynchronise(struct line *l, struct modbus_device *d,
                                   const struct gw_sink *sink, struct gw_error *err)
{
    struct frame_query q = query_of(d, &d->plan->requests[0]);
    enum gw_fault fault = line_exchange(l, &q, d->earliest_us, sink, err);
    note_outcome(l, d, fault);
    if (fault == GW_FAULT_TRANSIENT || fault == GW_FAULT_OFFLINE)
        return fault;
    if (!l->kind->is_quiet(l, l->sent_us + l->late_after_us)) {
        line_count(sink, GW_COUNT_MALFORMED);
        (void)gw_fail(err, -EPROTO, "unit %u: answers come too late (timeout %lld ms)",
                      d->unit, (long long)l->timeout_us / 1000);
        return GW_FAULT_TRANSIENT;
    }
    d->is_unsure = false;
    return GW_FAULT_NONE;
}

static bool is_of_range(enum gw_fault fault, const struct line *l)
{
    return fault == GW_FAULT_REJECTED && exception_kind(l->exception) == EXCEPTION_RANGE;
}

/* Reads request @index, or what is left of it when a smaller one does. */
static enum gw_fault read_request(struct line *l, const struct gw_device_ref *device,
                                  size_t index, const struct gw_sink *sink,
                                  struct gw_error *err)
{
    struct modbus_device *d = device->options;
    enum gw_fault fault;
    do {
        struct frame_query q = query_of(d, &d->plan->requests[index]);
        fault = line_exchange(l, &q, d->earliest_us, sink, err);
        note_outcome(l, d, fault);
    } while (is_of_range(fault, l) && modbus_plan_split(d->plan, device, index));
    return fault;
}

static void learn(const struct line *l, const struct gw_device_ref *device,
                  const struct modbus_request *r)
{
    struct modbus_device *d = device->options;
    const struct modbus_lesson *before = modbus_plan_lesson(d->plan, device, r);
    if (d->is_away)
        modbus_plan_renew(device, l->answered_us);
    d->is_away = false;
    d->is_forgiven = d->is_forgiven || (before->rest_us > 0 && !l->exception);
    modbus_plan_learn(d->plan, device, r, l->exception, l->answered_us);
}

/* "unit 3: registers 10..11 (function 3): exception 2 (illegal data address); …" */
static void tell_refusals(const struct gw_device_ref *device, struct gw_error *err)
{
    const struct modbus_device *d = device->options;
    char text[sizeof(err->text)] = "";
    size_t told = 0;
    size_t refused = 0;
    for (size_t i = 0; i < d->plan->count; i++) {
        char what[LINE_QUERY_TEXT_MAX];
        const struct modbus_request *r = &d->plan->requests[i];
        const int exception = modbus_plan_lesson(d->plan, device, r)->exception;
        struct frame_query q = query_of(d, r);
        refused += exception != 0;
        if (!exception || refused > REFUSALS_TOLD)
            continue;
        int n = snprintf(text + told, sizeof(text) - told, "%s%s: exception %d (%s)",
                         told ? "; " : "", line_describe(&q, what), exception,
                         exception_name(exception));
        told += n > 0 && (size_t)n < sizeof(text) - told ? (size_t)n : 0;
    }
    if (refused > REFUSALS_TOLD)
        (void)snprintf(text + told, sizeof(text) - told, "; and %zu more",
                       refused - REFUSALS_TOLD);
    (void)gw_fail(err, -EPROTO, "%s", text);
}

enum gw_fault modbus_poll(void *bus, const struct gw_device_ref *device,
                          const struct gw_sink *sink, struct gw_error *err)
{
    struct line *l = &((struct modbus_bus *)bus)->line;
    struct modbus_device *d = device->options;
    bool is_refused = false;
    enum gw_fault fault = GW_FAULT_NONE;
    if (d->is_forgiven) {
        modbus_plan_forget(device, gw_machine_us());
        d->is_forgiven = make_plan(bus, device) < 0;
    }
    if (d->is_unsure && d->plan->count)
        fault = resynchronise(l, d, sink, err);
    if (fault != GW_FAULT_NONE)
        return fault;

    for (size_t i = 0; i < d->plan->count; i++) {
        const struct modbus_lesson *lesson =
            modbus_plan_lesson(d->plan, device, &d->plan->requests[i]);
        if (!lesson_rests(lesson, gw_machine_us())) {
            fault = read_request(l, device, i, sink, err);
            if (fault == GW_FAULT_TRANSIENT || fault == GW_FAULT_OFFLINE)
                return fault;
            learn(l, device, &d->plan->requests[i]);
            if (!push_request(l, device, &d->plan->requests[i], sink))
                return GW_FAULT_NONE;
        }
        is_refused = is_refused || lesson->exception;
    }
    if (!is_refused)
        return GW_FAULT_NONE;
    modbus_plan_try(d->plan, device, gw_machine_us());
    tell_refusals(device, err);
    return GW_FAULT_REJECTED;
}

/* Our assumption: MODBUS on TCP has no response time to go by, so this is a turn of a
 * small controller; a serial gateway takes the time of its line on top. */
static const int64_t assumed_round_trip_us = 10000;

/* Without a plan (no memory) nothing is said of the load. */
double tcp_load(const void *bus, const struct gw_device_ref *device)
{
    const struct modbus_bus *b = bus;
    const struct modbus_device *d = device->options;
    struct modbus_plan *plan = NULL;
    if (device->period_us <= 0
        || modbus_plan_new(device, tcp_spare_characters, &plan) < 0)
        return 0;
    int64_t rest_us = b->gap_us > d->min_gap_us ? b->gap_us : d->min_gap_us;
    int64_t total_us = (int64_t)plan->count * (assumed_round_trip_us + rest_us);
    modbus_plan_free(plan);
    return (double)total_us / (double)device->period_us;
}

bool modbus_same_unit(const void *device, const void *other)
{
    const struct modbus_device *a = device;
    const struct modbus_device *b = other;
    return a->unit == b->unit;
}

enum gw_direction modbus_direction(const void *device, const void *point)
{
    (void)device;
    const struct modbus_point *p = point;
    bool is_written = p->function == 1 || (p->function == 3 && p->bit < 0);
    return is_written ? GW_EITHER : GW_INPUT;
}

static uint8_t write_function(const struct modbus_device *d, bool is_coil, unsigned span)
{
    bool is_single = span == 1 && d->write == MODBUS_WRITE_SINGLE;
    if (is_coil)
        return is_single ? 5 : 15;
    return is_single ? 6 : 16;
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
    const struct frame_query q = {
        .unit = (uint8_t)d->unit,
        .function = write_function(d, is_coil, span),
        .address = (uint16_t)(p->address - d->base),
        .count = (uint16_t)span,
        .values = values,
    };
    enum gw_fault fault = line_exchange(l, &q, d->earliest_us, NULL, err);
    note_outcome(l, d, fault);
    return fault;
}
