/* gpio_fake_lines.h - gpio_lines.h over lines that the test holds: a program that
 * includes this links none of libgpiod's. */
#ifndef GPIO_FAKE_LINES_H
#define GPIO_FAKE_LINES_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gpio/gpio_lines.h"
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

/* gpio_lines - wires are known by the last digit of their names. */
struct gpio_lines {
    size_t wires[WIRES];
    size_t count;
};

/* wire_fault  what every call to an open line says, 0 = none
 * has_chip    false: it is pulled out, its lines with it */
static struct wire wires[WIRES];
static int wire_fault;
static bool has_chip = true;
static bool has_kernel_debounce;
static size_t lines_open;

static inline void fake_reset(void)
{
    memset(wires, 0, sizeof(wires));
    wire_fault = 0;
    has_chip = true;
    has_kernel_debounce = false;
    lines_open = 0;
}

static int fault_of_wires(void)
{
    return has_chip ? wire_fault : -ENODEV;
}

bool gpio_lines_debounce(void)
{
    return has_kernel_debounce;
}

int gpio_chip_path(const char *label, char ret[PATH_MAX], struct gw_error *err)
{
    ret[0] = '\0';
    return has_chip ? 0 : gw_fail(err, -ENODEV, "no GPIO chip is labelled '%s'", label);
}

int gpio_lines_open(const char *label, const char *consumer,
                    const struct gpio_line *lines, size_t count, struct gpio_lines **ret,
                    struct gw_error *err)
{
    (void)consumer;
    if (!has_chip)
        return gw_fail(err, -ENODEV, "no GPIO chip is labelled '%s'", label);
    for (size_t i = 0; i < count; i++) {
        int refusal = wires[lines[i].name[strlen(lines[i].name) - 1] - '0'].refusal;
        if (refusal)
            return gw_fail(err, refusal, "line '%s' is not to be had", lines[i].name);
    }
    struct gpio_lines *l = calloc(1, sizeof(*l));
    assert_non_null(l);
    for (size_t i = 0; i < count; i++) {
        size_t n = (size_t)(lines[i].name[strlen(lines[i].name) - 1] - '0');
        l->wires[l->count++] = n;
        wires[n].asked = lines[i];
        if (lines[i].is_output)
            wires[n].level = lines[i].level;
    }
    lines_open += count;
    *ret = l;
    return 0;
}

struct gpio_lines *gpio_lines_close(struct gpio_lines *l)
{
    if (l)
        lines_open -= l->count;
    free(l);
    return NULL;
}

int gpio_lines_fd(const struct gpio_lines *l, size_t line)
{
    return -1 - (int)l->wires[line]; /* poll() would skip it; tells the wire */
}

int gpio_lines_take(struct gpio_lines *l, size_t line, struct gpio_edge *ret)
{
    struct wire *w = &wires[l->wires[line]];
    if (fault_of_wires())
        return fault_of_wires();
    if (w->taken == w->count)
        return 0;
    *ret = w->edges[w->taken++];
    return 1;
}

int gpio_lines_level(struct gpio_lines *l, size_t line)
{
    return fault_of_wires() ? fault_of_wires() : wires[l->wires[line]].level;
}

int gpio_lines_set(struct gpio_lines *l, size_t line, bool level)
{
    if (fault_of_wires())
        return fault_of_wires();
    wires[l->wires[line]].level = level;
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
