#include "plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BITS_MAX = 2000 };

/* One point as the planner sees it; sorted by function, address, end. */
struct span {
    uint32_t point;
    uint32_t function;
    uint32_t start;
    uint32_t end;
};

static struct span span_of(const struct gw_device_ref *device, uint32_t point)
{
    const struct modbus_device *d = device->options;
    const struct modbus_point *p = device->points[point].options;
    uint32_t start = p->address - d->base;
    return (struct span){point, p->function, start, start + modbus_point_span(p)};
}

static int compare_spans(const void *a, const void *b)
{
    const struct span *x = a;
    const struct span *y = b;
    if (x->function != y->function)
        return x->function < y->function ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

static bool joins(const struct modbus_request *r, const struct span *s,
                  const struct modbus_device *d)
{
    uint32_t limit = modbus_reads_bits(r->function) ? BITS_MAX : d->max_registers;
    uint32_t end = (uint32_t)r->address + r->count;
    return r->function == s->function && s->end - r->address <= limit
           && s->start <= end + d->max_hole;
}

static void request_take(struct modbus_request *r, const struct span *s)
{
    if (s->end > (uint32_t)r->address + r->count)
        r->count = (uint16_t)(s->end - r->address);
    r->points++;
}

static struct modbus_request request_from(const struct span *s, size_t first)
{
    return (struct modbus_request){
        .function = (uint8_t)s->function,
        .address = (uint16_t)s->start,
        .count = (uint16_t)(s->end - s->start),
        .first = first,
        .points = 1,
    };
}

static void merge(struct modbus_plan *p, const struct gw_device_ref *device,
                  const struct span *spans)
{
    for (size_t i = 0; i < device->point_count; i++) {
        p->order[i] = spans[i].point;
        struct modbus_request *last = p->count ? &p->requests[p->count - 1] : NULL;
        if (last && joins(last, &spans[i], device->options))
            request_take(last, &spans[i]);
        else
            p->requests[p->count++] = request_from(&spans[i], i);
    }
}

int modbus_plan_new(const struct gw_device_ref *device, struct modbus_plan **ret)
{
    size_t n = device->point_count;
    struct modbus_plan *p = calloc(1, sizeof(*p));
    struct span *spans = calloc(n + 1, sizeof(*spans));
    int r = -ENOMEM;
    if (!p || !spans)
        goto out;
    p->requests = calloc(n + 1, sizeof(*p->requests));
    p->order = calloc(n + 1, sizeof(*p->order));
    p->samples = calloc(n + 1, sizeof(*p->samples));
    if (!p->requests || !p->order || !p->samples)
        goto out;
    for (size_t i = 0; i < n; i++)
        spans[i] = span_of(device, (uint32_t)i);
    qsort(spans, n, sizeof(*spans), compare_spans);
    merge(p, device, spans);
    *ret = p;
    r = 0;
out:
    free(spans);
    if (r < 0)
        modbus_plan_free(p);
    return r;
}

struct modbus_plan *modbus_plan_free(struct modbus_plan *p)
{
    if (!p)
        return NULL;
    free(p->requests);
    free(p->order);
    free(p->samples);
    free(p);
    return NULL;
}

/* Rebuilds @r over the points @first .. @first + @points of the order. */
static struct modbus_request request_over(const struct modbus_plan *p,
                                          const struct gw_device_ref *device,
                                          size_t first, size_t points)
{
    struct span s = span_of(device, p->order[first]);
    struct modbus_request r = request_from(&s, first);
    for (size_t i = 1; i < points; i++) {
        s = span_of(device, p->order[first + i]);
        request_take(&r, &s);
    }
    return r;
}

bool modbus_plan_split(struct modbus_plan *p, const struct gw_device_ref *device,
                       size_t index)
{
    const struct modbus_request whole = p->requests[index];
    size_t last = whole.first + whole.points - 1;
    if (span_of(device, p->order[whole.first]).start
        == span_of(device, p->order[last]).start)
        return false;
    size_t half = whole.points / 2;
    memmove(&p->requests[index + 2], &p->requests[index + 1],
            (p->count - index - 1) * sizeof(p->requests[0]));
    p->requests[index] = request_over(p, device, whole.first, half);
    p->requests[index + 1] =
        request_over(p, device, whole.first + half, whole.points - half);
    p->count++;
    return true;
}
