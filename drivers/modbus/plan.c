#include "plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The echo of a request for 17..24 bits from 768..1023 on is, byte for byte, an answer to
 * it: the address looks like the three bytes that were asked for.  Nobody asks so. */
enum { ECHO_PAGE = 3, ECHO_BITS = 16 };

/* One point as the planner sees it; sorted by function, address, end. */
struct span {
    uint32_t point;
    uint32_t function;
    uint32_t start;
    uint32_t end;
    const struct modbus_lesson *lesson;
};

static struct span span_of(const struct gw_device_ref *device, uint32_t point)
{
    const struct modbus_device *d = device->options;
    const struct modbus_point *p = device->points[point].options;
    uint32_t start = p->address - d->base;
    return (struct span){point, p->function, start, start + modbus_point_span(p),
                         &p->lesson};
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

/* Unwanted registers or bits that cost less than a request of their own. */
static uint32_t hole_max(const struct modbus_device *d, unsigned function,
                         unsigned spare_characters)
{
    if (d->max_hole >= 0)
        return (uint32_t)d->max_hole;
    return frame_is_of_bits(function) ? 8 * spare_characters : spare_characters / 2;
}

static uint32_t count_max(const struct modbus_device *d, const struct modbus_request *r)
{
    if (!frame_is_of_bits(r->function))
        return d->max_registers;
    return r->address >> 8 == ECHO_PAGE ? ECHO_BITS : FRAME_BITS_MAX;
}

static bool joins(const struct modbus_request *r, const struct span *before,
                  const struct span *s, const struct modbus_device *d, unsigned spare)
{
    uint32_t end = (uint32_t)r->address + r->count;
    bool is_apart = s->lesson->starts_request && s->start != before->start;
    return r->function == s->function && !is_apart
           && s->lesson->exception == before->lesson->exception
           && s->end - r->address <= count_max(d, r)
           && s->start <= end + hole_max(d, r->function, spare);
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
                  const struct span *spans, unsigned spare)
{
    for (size_t i = 0; i < device->point_count; i++) {
        p->order[i] = spans[i].point;
        struct modbus_request *last = p->count ? &p->requests[p->count - 1] : NULL;
        if (last && joins(last, &spans[i - 1], &spans[i], device->options, spare))
            request_take(last, &spans[i]);
        else
            p->requests[p->count++] = request_from(&spans[i], i);
    }
}

int modbus_plan_new(const struct gw_device_ref *device, unsigned spare_characters,
                    struct modbus_plan **ret)
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
    merge(p, device, spans, spare_characters);
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

static struct modbus_lesson *lesson_of(const struct modbus_plan *p,
                                       const struct gw_device_ref *device, size_t i)
{
    struct modbus_point *point = device->points[p->order[i]].options;
    return &point->lesson;
}

/* The middle of @r, but between two addresses: bits of one register stay together.
 * returns the points of its first half, 0 when there is but one address */
static size_t half_of(const struct modbus_plan *p, const struct gw_device_ref *device,
                      const struct modbus_request *r)
{
    for (size_t away = 0; away <= r->points / 2; away++) {
        const size_t tries[] = {r->points / 2 - away, r->points / 2 + away};
        for (size_t i = 0; i < 2; i++) {
            size_t at = r->first + tries[i];
            if (tries[i] > 0 && tries[i] < r->points
                && span_of(device, p->order[at]).start
                       != span_of(device, p->order[at - 1]).start)
                return tries[i];
        }
    }
    return 0;
}

bool modbus_plan_split(struct modbus_plan *p, const struct gw_device_ref *device,
                       size_t index)
{
    const struct modbus_request whole = p->requests[index];
    size_t half = half_of(p, device, &whole);
    if (half == 0)
        return false;
    memmove(&p->requests[index + 2], &p->requests[index + 1],
            (p->count - index - 1) * sizeof(p->requests[0]));
    p->requests[index] = request_over(p, device, whole.first, half);
    p->requests[index + 1] =
        request_over(p, device, whole.first + half, whole.points - half);
    p->count++;
    lesson_of(p, device, whole.first + half)->starts_request = true;
    return true;
}

const struct modbus_lesson *modbus_plan_lesson(const struct modbus_plan *p,
                                               const struct gw_device_ref *device,
                                               const struct modbus_request *r)
{
    return lesson_of(p, device, r->first);
}

void modbus_plan_learn(const struct modbus_plan *p, const struct gw_device_ref *device,
                       const struct modbus_request *r, int exception, int64_t now_us)
{
    for (size_t i = 0; i < r->points; i++)
        lesson_learn(lesson_of(p, device, r->first + i), exception, now_us);
}

void modbus_plan_try(const struct modbus_plan *p, const struct gw_device_ref *device,
                     int64_t now_us)
{
    for (size_t i = 0; i < device->point_count; i++)
        if (!lesson_rests(lesson_of(p, device, i), now_us))
            return;
    for (size_t i = 0; p->count > 0 && i < p->requests[0].points; i++)
        lesson_hasten(lesson_of(p, device, i), now_us + LESSON_REST_US);
}

void modbus_plan_renew(const struct gw_device_ref *device, int64_t now_us)
{
    for (size_t i = 0; i < device->point_count; i++) {
        struct modbus_point *point = device->points[i].options;
        lesson_renew(&point->lesson, now_us + LESSON_REST_US);
    }
}

void modbus_plan_forget(const struct gw_device_ref *device, int64_t now_us)
{
    for (size_t i = 0; i < device->point_count; i++) {
        struct modbus_point *point = device->points[i].options;
        point->lesson.starts_request = false;
        lesson_hasten(&point->lesson, now_us);
    }
}
