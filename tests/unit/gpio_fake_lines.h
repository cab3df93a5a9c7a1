/* gpio_fake_lines.h - gpio_request.h over lines that the test holds: a program that
 * includes this links none of libgpiod's. */
#ifndef GPIO_FAKE_LINES_H
#define GPIO_FAKE_LINES_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gpio/gpio_request.h"
#include "gw/driver.h"

enum { WIRES = 8, WIRE_EDGES_MAX = 6000 };

struct wire {
    struct gpio_line asked;
    bool level;
    int refusal; /* of its line's opening */
    struct gpio_edge edges[WIRE_EDGES_MAX];
    size_t taken;
    size_t count;
};

/* gpio_request - a wire is known by the last digit of its name. */
struct gpio_request {
    size_t wire;
};

/* wire_fault  what every call to an open line says, 0 = none
 * has_chip    false: it is pulled out, its lines with it
 * absence     what is known of another chip */
static struct wire wires[WIRES];
static int wire_fault;
static bool has_chip = true;
static enum gpio_presence absence;
static bool has_kernel_debounce;
static size_t lines_open;

static inline void fake_reset(void)
{
    memset(wires, 0, sizeof(wires));
    wire_fault = 0;
    has_chip = true;
    absence = GPIO_ABSENT;
    has_kernel_debounce = false;
    lines_open = 0;
}

static int fault_of_wires(void)
{
    return has_chip ? wire_fault : -ENODEV;
}

bool gpio_has_debounce(void)
{
    return has_kernel_debounce;
}

int gpio_chip_path(const char *label, char ret[PATH_MAX], struct gw_error *err)
{
    ret[0] = '\0';
    return has_chip ? 0 : gw_fail(err, -ENODEV, "no GPIO chip is labelled '%s'", label);
}

enum gpio_presence gpio_chip_look(const char *label)
{
    return strcmp(label, "pinctrl-x") == 0 && has_chip ? GPIO_THERE : absence;
}

enum gpio_presence gpio_line_look(const char *label, const char *name)
{
    if (gpio_chip_look(label) != GPIO_THERE)
        return GPIO_UNKNOWN;
    return strlen(name) == 5 && name[4] < '0' + WIRES ? GPIO_THERE : GPIO_ABSENT;
}

int gpio_request_open(const char *label, const char *consumer,
                      const struct gpio_line *line, struct gpio_request **ret,
                      struct gw_error *err)
{
    (void)consumer;
    if (!has_chip)
        return gw_fail(err, -ENODEV, "no GPIO chip is labelled '%s'", label);
    size_t n = (size_t)(line->name[strlen(line->name) - 1] - '0');
    struct wire *w = &wires[n];
    if (w->refusal)
        return gw_fail(err, w->refusal, "line '%s' is not to be had", line->name);
    struct gpio_request *q = calloc(1, sizeof(*q));
    assert_non_null(q);
    q->wire = n;
    w->asked = *line;
    if (line->is_output)
        w->level = line->level;
    lines_open++;
    *ret = q;
    return 0;
}

struct gpio_request *gpio_request_close(struct gpio_request *q)
{
    if (q)
        lines_open--;
    free(q);
    return NULL;
}

int gpio_request_fd(const struct gpio_request *q)
{
    return -1 - (int)q->wire; /* poll() would skip it; tells the wire */
}

int gpio_request_take(struct gpio_request *q, struct gpio_edge *ret)
{
    struct wire *w = &wires[q->wire];
    if (fault_of_wires())
        return fault_of_wires();
    if (w->taken == w->count)
        return 0;
    *ret = w->edges[w->taken++];
    return 1;
}

int gpio_request_level(struct gpio_request *q)
{
    return fault_of_wires() ? fault_of_wires() : wires[q->wire].level;
}

int gpio_request_set(struct gpio_request *q, bool level)
{
    if (fault_of_wires())
        return fault_of_wires();
    wires[q->wire].level = level;
    return 0;
}

int gpio_line_failed(const char *label, const char *name, int code, struct gw_error *err)
{
    return gw_fail(err, code, "%s of %s", name, label);
}

/* wire_edge - an edge of wire @n, as the kernel tells it. */
static inline void wire_edge(size_t n, bool level, int64_t machine_us)
{
    struct wire *w = &wires[n];
    if (w->taken == w->count)
        w->taken = w->count = 0;
    w->edges[w->count++] = (struct gpio_edge){.level = level, .machine_us = machine_us};
    w->level = level;
}

#endif
