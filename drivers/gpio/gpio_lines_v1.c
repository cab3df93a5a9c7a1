/* gpio_lines_v1.c - over libgpiod 1.6 (Debian 12): one request and one descriptor a line.
 */
#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gpio_lines.h"

enum { LABELS_MAX = 256 };

struct gpio_lines {
    struct gpiod_chip *chip;
    struct gpiod_line **lines;
    bool *is_output;
    size_t count;
    size_t next; /* asked first for an edge: a bouncing line does not hide the others */
};

/* The labels of all chips: numbers help nobody. */
static void list_labels(char ret[LABELS_MAX])
{
    ret[0] = '\0';
    size_t used = 0;
    struct gpiod_chip_iter *iter = gpiod_chip_iter_new();
    if (!iter)
        return;
    struct gpiod_chip *chip = NULL;
    for (chip = gpiod_chip_iter_next(iter); chip; chip = gpiod_chip_iter_next(iter)) {
        int n = snprintf(ret + used, LABELS_MAX - used, "%s%s", used ? ", " : "",
                         gpiod_chip_label(chip));
        if (n > 0 && (size_t)n < LABELS_MAX - used)
            used += (size_t)n;
    }
    ret[used] = '\0';
    gpiod_chip_iter_free(iter);
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

static int request_line(struct gpio_lines *l, size_t i, const char *label,
                        const char *consumer, const struct gpio_line *asked,
                        struct gw_error *err)
{
    l->lines[i] = gpiod_chip_find_line(l->chip, asked->name);
    if (!l->lines[i])
        return gw_fail(err, -ENOENT, "GPIO chip '%s' has no line '%s'", label,
                       asked->name);
    l->is_output[i] = asked->is_output;
    struct gpiod_line_request_config config = {
        .consumer = consumer,
        .request_type = asked->is_output ? GPIOD_LINE_REQUEST_DIRECTION_OUTPUT
                                         : GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES,
        .flags = flags_of(asked->bias),
    };
    if (gpiod_line_request(l->lines[i], &config, asked->level) < 0) {
        int code = -errno;
        l->lines[i] = NULL; /* not ours to release */
        return gw_fail(err, code, "GPIO line '%s' of '%s': %s", asked->name, label,
                       strerror(-code));
    }
    return 0;
}

int gpio_lines_open(const char *label, const char *consumer,
                    const struct gpio_line *lines, size_t count, struct gpio_lines **ret,
                    struct gw_error *err)
{
    struct gpio_lines *l = calloc(1, sizeof(*l));
    if (!l)
        return gw_fail(err, -ENOMEM, "GPIO chip '%s': out of memory", label);
    l->lines = calloc(count + 1, sizeof(struct gpiod_line *));
    l->is_output = calloc(count + 1, sizeof(*l->is_output));
    if (!l->lines || !l->is_output) {
        gpio_lines_close(l);
        return gw_fail(err, -ENOMEM, "GPIO chip '%s': out of memory", label);
    }
    int r = 0;
    l->chip = gpiod_chip_open_by_label(label);
    if (!l->chip) {
        char labels[LABELS_MAX];
        list_labels(labels);
        r = gpio_no_chip(label, labels, err);
    }
    for (size_t i = 0; i < count && r == 0; i++) {
        r = request_line(l, i, label, consumer, &lines[i], err);
        l->count = i + 1;
    }
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
        if (l->lines[i])
            gpiod_line_release(l->lines[i]);
    if (l->chip)
        gpiod_chip_close(l->chip);
    free(l->lines);
    free(l->is_output);
    free(l);
    return NULL;
}

size_t gpio_lines_wait(const struct gpio_lines *l, struct pollfd *ret, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < l->count && n < max; i++)
        if (!l->is_output[i])
            ret[n++] = (struct pollfd){.fd = gpiod_line_event_get_fd(l->lines[i]),
                                       .events = POLLIN};
    return n;
}

int gpio_lines_take(struct gpio_lines *l, struct gpio_edge *ret)
{
    for (size_t k = 0; k < l->count; k++) {
        size_t i = (l->next + k) % l->count;
        const struct timespec at_once = {0};
        struct gpiod_line_event event;
        int r = l->is_output[i] ? 0 : gpiod_line_event_wait(l->lines[i], &at_once);
        if (r == 0)
            continue;
        if (r < 0 || gpiod_line_event_read(l->lines[i], &event) < 0)
            return -errno;
        *ret = (struct gpio_edge){
            .line = i,
            .level = event.event_type == GPIOD_LINE_EVENT_RISING_EDGE,
            .machine_us =
                gpio_edge_time(event.ts.tv_sec * INT64_C(1000000000) + event.ts.tv_nsec),
        };
        l->next = i + 1;
        return 1;
    }
    return 0;
}

int gpio_lines_level(struct gpio_lines *l, size_t line)
{
    int level = gpiod_line_get_value(l->lines[line]);
    return level < 0 ? -errno : level;
}

int gpio_lines_set(struct gpio_lines *l, size_t line, bool level)
{
    return gpiod_line_set_value(l->lines[line], level) < 0 ? -errno : 0;
}
