/* gpio_lines.h - lines of one GPIO chip, found by names, the same over libgpiod 1.6
 * and 2.
 *
 * A chip is known by its label and a line by its name, never by numbers, which change
 * with the kernel.  Levels are those of the wire: true = high.  Thread: the bus.
 */
#ifndef GPIO_GPIO_LINES_H
#define GPIO_GPIO_LINES_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"

struct gpio_lines;

enum gpio_bias {
    GPIO_BIAS_AS_IS,
    GPIO_BIAS_NONE,
    GPIO_BIAS_PULL_UP,
    GPIO_BIAS_PULL_DOWN
};

/* gpio_line - what is asked of one line.  level: outputs, from the start. */
struct gpio_line {
    const char *name;
    bool is_output;
    bool level;
    enum gpio_bias bias;
};

/* gpio_edge - @line is the index given to gpio_lines_open(); machine_us as the kernel
 * saw it. */
struct gpio_edge {
    size_t line;
    bool level;
    int64_t machine_us;
};

/* gpio_lines_open - requests @lines of the chip labelled @label for @consumer.
 * returns  0, or gw_fail(): no such chip (the text lists what there is), no such line, a
 *          line that is taken
 * Owner:   caller; gpio_lines_close() */
int gpio_lines_open(const char *label, const char *consumer,
                    const struct gpio_line *lines, size_t count, struct gpio_lines **ret,
                    struct gw_error *err);

/* gpio_lines_close - NULL is a no-op; always returns NULL. */
struct gpio_lines *gpio_lines_close(struct gpio_lines *l);

/* gpio_lines_wait - the descriptors that turn readable with an edge.  returns how many */
size_t gpio_lines_wait(const struct gpio_lines *l, struct pollfd *ret, size_t max);

/* gpio_lines_take - the next edge.  returns 1, 0 = none, -errno */
int gpio_lines_take(struct gpio_lines *l, struct gpio_edge *ret);

/* gpio_lines_level - 1 high, 0 low, -errno. */
int gpio_lines_level(struct gpio_lines *l, size_t line);
int gpio_lines_set(struct gpio_lines *l, size_t line, bool level);

/* gpio_edge_time - @kernel_ns as machine time; now when the kernel stamped it by another
 * clock (before 5.7: real time). */
int64_t gpio_edge_time(int64_t kernel_ns);

/* gpio_no_chip - gw_fail() with the labels that there are, "" = none. */
int gpio_no_chip(const char *label, const char *found, struct gw_error *err);

#endif
