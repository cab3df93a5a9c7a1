/* gpio_request_v1.c - over libgpiod 1.6 (Debian 12). */
#include <errno.h>
#include <gpiod.h>
#include <stdlib.h>
#include <string.h>

#include "gpio_request.h"

/* The kernel keeps as many edges of a line and drops the newer ones without a word.
 * Source: lineevent_create() in drivers/gpio/gpiolib-cdev.c, DECLARE_KFIFO of 16 */
enum { KERNEL_KEEPS = 16 };

/* taken  edges since the line had none left: when there were as many as the kernel keeps,
 *        some may have been lost */
struct gpio_request {
    struct gpiod_chip *chip;
    struct gpiod_line *line;
    size_t taken;
};

bool gpio_has_debounce(void)
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

static int request_line(struct gpio_request *q, const char *label, const char *consumer,
                        const struct gpio_line *asked, struct gw_error *err)
{
    char path[PATH_MAX];
    int r = gpio_chip_path(label, path, err);
    if (r < 0)
        return r;
    q->chip = gpiod_chip_open(path);
    if (!q->chip)
        return gw_fail(err, -errno, "%s: %s", path, strerror(errno));
    struct gpiod_line *line = gpiod_chip_find_line(q->chip, asked->name);
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
    q->line = line;
    return 0;
}

int gpio_request_open(const char *label, const char *consumer,
                      const struct gpio_line *line, struct gpio_request **ret,
                      struct gw_error *err)
{
    struct gpio_request *q = calloc(1, sizeof(*q));
    if (!q)
        return gw_fail(err, -ENOMEM, "GPIO chip '%s': out of memory", label);
    int r = request_line(q, label, consumer, line, err);
    if (r < 0) {
        gpio_request_close(q);
        return r;
    }
    *ret = q;
    return 0;
}

struct gpio_request *gpio_request_close(struct gpio_request *q)
{
    if (!q)
        return NULL;
    if (q->line)
        gpiod_line_release(q->line);
    if (q->chip)
        gpiod_chip_close(q->chip);
    free(q);
    return NULL;
}

int gpio_request_fd(const struct gpio_request *q)
{
    return gpiod_line_event_get_fd(q->line);
}

int gpio_request_take(struct gpio_request *q, struct gpio_edge *ret)
{
    const struct timespec at_once = {0};
    struct gpiod_line_event event;
    int r = gpiod_line_event_wait(q->line, &at_once);
    if (r < 0)
        return -errno;
    if (r == 0) {
        q->taken = 0;
        return 0;
    }
    if (gpiod_line_event_read(q->line, &event) < 0)
        return -errno;
    q->taken++;
    *ret = (struct gpio_edge){
        .level = event.event_type == GPIOD_LINE_EVENT_RISING_EDGE,
        .machine_us =
            gpio_edge_time(event.ts.tv_sec * INT64_C(1000000000) + event.ts.tv_nsec),
        .is_burst = q->taken >= KERNEL_KEEPS,
    };
    return 1;
}

int gpio_request_level(struct gpio_request *q)
{
    int level = gpiod_line_get_value(q->line);
    return level < 0 ? -errno : level;
}

int gpio_request_set(struct gpio_request *q, bool level)
{
    return gpiod_line_set_value(q->line, level) < 0 ? -errno : 0;
}
