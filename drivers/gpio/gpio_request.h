/* gpio_request.h - a line of a GPIO chip, found by names, the same over libgpiod 1.6
 * and 2.
 *
 * A chip is known by its label and a line by its name, never by numbers, which change
 * with the kernel.  Each line has a buffer of its own in the kernel, so that one that
 * storms pushes out no edge of another.  Levels are those of the wire: true = high.
 * Thread: the one that opened them.
 */
#ifndef GPIO_GPIO_REQUEST_H
#define GPIO_GPIO_REQUEST_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"

struct gpio_request;

enum gpio_bias {
    GPIO_BIAS_AS_IS,
    GPIO_BIAS_NONE,
    GPIO_BIAS_PULL_UP,
    GPIO_BIAS_PULL_DOWN
};

/* gpio_line - what is asked of a line.
 * level        outputs, from the start
 * debounce_us  inputs: the kernel tells levels that lasted as long; 0 = each edge.
 *              Only where gpio_has_debounce() */
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

/* gpio_has_debounce - can this libgpiod ask the kernel to debounce? */
bool gpio_has_debounce(void);

/* gpio_request_open - requests @line of the chip labelled @label for @consumer.
 * returns  0, or gw_fail(): no such chip (the text lists what there is), no permission,
 *          no such line, or one that is taken
 * Owner:   caller; gpio_request_close() */
int gpio_request_open(const char *label, const char *consumer,
                      const struct gpio_line *line, struct gpio_request **ret,
                      struct gw_error *err);

/* gpio_request_close - NULL is a no-op; always returns NULL. */
struct gpio_request *gpio_request_close(struct gpio_request *q);

/* gpio_request_fd - turns readable with an edge of an input. */
int gpio_request_fd(const struct gpio_request *q);

/* gpio_request_take - the next edge of an input.  returns 1, 0 = none, -errno */
int gpio_request_take(struct gpio_request *q, struct gpio_edge *ret);

/* gpio_request_level - 1 high, 0 low, -errno; debounced where the line is. */
int gpio_request_level(struct gpio_request *q);
int gpio_request_set(struct gpio_request *q, bool level);

/* --- what both libgpiod versions share ------------------------------------------- */

/* gpio_edge_time - @kernel_ns as machine time; now when the kernel stamped it by another
 * clock (before 5.7: real time). */
int64_t gpio_edge_time(int64_t kernel_ns);

/* gpio_chip_path - where the chip labelled @label is, "/dev/gpiochip2". */
int gpio_chip_path(const char *label, char ret[PATH_MAX], struct gw_error *err);

/* gpio_chip_look - is there a chip labelled @label?  gpio_line_look - has it a line named
 * @name?  Requests nothing. */
enum gpio_presence {
    GPIO_UNKNOWN, /* a machine without a chip, or one that may not be looked at */
    GPIO_ABSENT,
    GPIO_THERE,
};
enum gpio_presence gpio_chip_look(const char *label);
enum gpio_presence gpio_line_look(const char *label, const char *name);

/* gpio_no_chip - gw_fail() with the labels that there are, "" = none; gpio_no_permission
 * for @path.  gpio_line_failed: the line @name could not be requested for @code. */
int gpio_no_chip(const char *label, const char *found, struct gw_error *err);
int gpio_no_permission(const char *path, struct gw_error *err);
int gpio_line_failed(const char *label, const char *name, int code, struct gw_error *err);

#endif
