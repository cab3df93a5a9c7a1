/* gpio_lines_v1.c - over libgpiod 1.6 (Debian 12). */
#include <errno.h>
#include <gpiod.h>
#include <stdlib.h>
#include <string.h>

#include "gpio_lines.h"

/* The kernel keeps as many edges of a line and drops the newer ones without a word.
 * Source: lineevent_create() in drivers/gpio/gpiolib-cdev.c, DECLARE_KFIFO of 16 */
enum { KERNEL_KEEPS = 16 };

/* taken  edges since the line had none left: when there were as many as the kernel keeps,
 *        some may have been lost */
struct v1_line {
    struct gpiod_line *line;
    size_t taken;
};

struct gpio_lines {
    struct gpiod_chip *chip;
    struct v1_line *lines;
    size_t count;
};

bool gpio_lines_debounce(void)
{
    return false;
}

static int flags_of(enum gpio_bias bias)
{
    static const int flags[] = {
        [GPIO_BIAS_AS_IS] = 0,
        [GPIO_BIAS_NONE] = GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE,
        [GPIO_BIAS_PULL_UP] = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP,
        [GPIO_BIAS_PULL_DOWN] = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN,
    };
    return flags[bias];
}

static int request_line(struct gpio_lines *l, const char *label, const char *consumer,
                        const struct gpio_line *asked, struct gw_error *err)
{
    struct gpiod_line *line = gpiod_chip_find_line(l->chip, asked->name);
    if (!line)
        return gw_fail(err, -ENOENT, "GPIO chip '%s' has no line '%s'", label,
                       asked->name);
    struct gpiod_line_request_config config = {
        .consumer = consumer,
        .request_type = asked->is_output ? GPIOD_LINE_REQUEST_DIRECTION_OUTPUT
                                         : GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES,
        .flags = flags_of(asked->bias),
    };
    if (gpiod_line_request(line, &config, asked->level) < 0)
        return gpio_line_failed(label, asked->name, -errno, err);
    l->lines[l->count++].line = line;
    return 0;
}

static int request_lines(struct gpio_lines *l, const char *label, const char *consumer,
                         const struct gpio_line *lines, size_t count,
                         struct gw_error *err)
{
    char path[PATH_MAX];
    int r = gpio_chip_path(label, path, err);
    if (r < 0)
        return r;
    l->chip = gpiod_chip_open(path);
    if (!l->chip)
        return gw_fail(err, -errno, "%s: %s", path, strerror(errno));
    for (size_t i = 0; i < count && r == 0; i++)
        r = request_line(l, label, consumer, &lines[i], err);
    return r;
}

int gpio_lines_open(const char *label, const char *consumer,
                    const struct gpio_line *lines, size_t count, struct gpio_lines **ret,
                    struct gw_error *err)
{
    int r = gpio_lines_twice(label, lines, count, err);
    if (r < 0)
        return r;
    struct gpio_lines *l = calloc(1, sizeof(*l));
    if (l)
        l->lines = calloc(count + 1, sizeof(*l->lines));
    r = l && l->lines ? request_lines(l, label, consumer, lines, count, err)
                      : gw_fail(err, -ENOMEM, "GPIO chip '%s': out of memory", label);
    if (r < 0) {
        gpio_lines_close(l);
        return r;
    }
    *ret = l;
    return 0;
}

struct gpio_lines *gpio_lines_close(struct gpio_lines *l)
{
    if (!l)
        return NULL;
    for (size_t i = 0; i < l->count; i++)
        gpiod_line_release(l->lines[i].line);
    if (l->chip)
        gpiod_chip_close(l->chip);
    free(l->lines);
    free(l);
    return NULL;
}

int gpio_lines_fd(const struct gpio_lines *l, size_t line)
{
    return gpiod_line_event_get_fd(l->lines[line].line);
}

int gpio_lines_take(struct gpio_lines *l, size_t line, struct gpio_edge *ret)
{
    const struct timespec at_once = {0};
    struct v1_line *own = &l->lines[line];
    struct gpiod_line_event event;
    int r = gpiod_line_event_wait(own->line, &at_once);
    if (r < 0)
        return -errno;
    if (r == 0) {
        own->taken = 0;
        return 0;
    }
    if (gpiod_line_event_read(own->line, &event) < 0)
        return -errno;
    own->taken++;
    *ret = (struct gpio_edge){
        .level = event.event_type == GPIOD_LINE_EVENT_RISING_EDGE,
        .machine_us =
            gpio_edge_time(event.ts.tv_sec * INT64_C(1000000000) + event.ts.tv_nsec),
        .is_burst = own->taken >= KERNEL_KEEPS,
    };
    return 1;
}

int gpio_lines_level(struct gpio_lines *l, size_t line)
{
    int level = gpiod_line_get_value(l->lines[line].line);
    return level < 0 ? -errno : level;
}

int gpio_lines_set(struct gpio_lines *l, size_t line, bool level)
{
    return gpiod_line_set_value(l->lines[line].line, level) < 0 ? -errno : 0;
}
