/* gpio_lines.h - lines of one GPIO chip, found by names, the same over libgpiod 1.6
 * and 2.
 *
 * A chip is known by its label and a line by its name, never by numbers, which change
 * with the kernel.  Each line has a buffer of its own in the kernel, so that one that
 * storms pushes out no edge of another.  Levels are those of the wire: true = high.
 * Thread: the one that opened them.
 */
#ifndef GPIO_GPIO_LINES_H
#define GPIO_GPIO_LINES_H

#include <limits.h>
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

/* gpio_line - what is asked of one line.
 * level        outputs, from the start
 * debounce_us  inputs: the kernel tells levels that lasted as long; 0 = each edge.
 *              Only where gpio_lines_debounce() */
struct gpio_line {
    const char *name;
    bool is_output;
    bool level;
    enum gpio_bias bias;
    int64_t debounce_us;
};

/* gpio_edge - machine_us as the kernel saw it.
 * lost      edges since the one before that found no room, as the kernel counts them
 *           (libgpiod 2)
 * is_burst  some may have found none: the line's level is to be read */
struct gpio_edge {
    bool level;
    bool is_burst;
    int64_t machine_us;
    uint32_t lost;
};

/* gpio_lines_debounce - can this libgpiod ask the kernel to debounce? */
bool gpio_lines_debounce(void);

/* gpio_lines_open - requests @lines of the chip labelled @label for @consumer.
 * returns  0, or gw_fail(): no such chip (the text lists what there is), no permission,
 * no such line, a line that is taken or asked for twice Owner:   caller;
 * gpio_lines_close() */
int gpio_lines_open(const char *label, const char *consumer,
                    const struct gpio_line *lines, size_t count, struct gpio_lines **ret,
                    struct gw_error *err);

/* gpio_lines_close - NULL is a no-op; always returns NULL. */
struct gpio_lines *gpio_lines_close(struct gpio_lines *l);

/* gpio_lines_fd - turns readable with an edge of the input @line. */
int gpio_lines_fd(const struct gpio_lines *l, size_t line);

/* gpio_lines_take - the next edge of the input @line.  returns 1, 0 = none, -errno */
int gpio_lines_take(struct gpio_lines *l, size_t line, struct gpio_edge *ret);

/* gpio_lines_level - 1 high, 0 low, -errno; debounced where the line is. */
int gpio_lines_level(struct gpio_lines *l, size_t line);
int gpio_lines_set(struct gpio_lines *l, size_t line, bool level);

/* --- what both libgpiod versions share ------------------------------------------- */

/* gpio_edge_time - @kernel_ns as machine time; now when the kernel stamped it by another
 * clock (before 5.7: real time). */
int64_t gpio_edge_time(int64_t kernel_ns);

/* gpio_chip_path - where the chip labelled @label is, "/dev/gpiochip2". */
int gpio_chip_path(const char *label, char ret[PATH_MAX], struct gw_error *err);

/* gpio_no_chip - gw_fail() with the labels that there are, "" = none; gpio_no_permission
 * for @path.  gpio_line_failed: the line @name could not be requested for @code. */
int gpio_no_chip(const char *label, const char *found, struct gw_error *err);
int gpio_no_permission(const char *path, struct gw_error *err);
int gpio_line_failed(const char *label, const char *name, int code, struct gw_error *err);

/* gpio_lines_twice - gw_fail() when two of @lines have one name, else 0. */
int gpio_lines_twice(const char *label, const struct gpio_line *lines, size_t count,
                     struct gw_error *err);

#endif
