/* gpio_lines_v2.c - over libgpiod 2 (Debian 13). */
#include <errno.h>
#include <gpiod.h>
#include <stdlib.h>
#include <string.h>

#include "gpio_lines.h"

/* Edges of a line that wait in the kernel; when there are more, the oldest give way. */
enum { KERNEL_KEEPS = 128 };

/* seen  the kernel's number of the last edge, 0 = none yet */
struct v2_line {
    struct gpiod_line_request *request;
    unsigned offset;
    unsigned long seen;
};

struct gpio_lines {
    struct gpiod_chip *chip;
    struct gpiod_edge_event_buffer *buffer;
    struct v2_line *lines;
    size_t count;
};

bool gpio_lines_debounce(void)
{
    return true;
}

static enum gpiod_line_bias bias_of(enum gpio_bias bias)
{
    static const enum gpiod_line_bias biases[] = {
        [GPIO_BIAS_AS_IS] = GPIOD_LINE_BIAS_AS_IS,
        [GPIO_BIAS_NONE] = GPIOD_LINE_BIAS_DISABLED,
        [GPIO_BIAS_PULL_UP] = GPIOD_LINE_BIAS_PULL_UP,
        [GPIO_BIAS_PULL_DOWN] = GPIOD_LINE_BIAS_PULL_DOWN,
    };
    return biases[bias];
}

static bool set_output(struct gpiod_line_settings *s, const struct gpio_line *asked)
{
    enum gpiod_line_value value =
        asked->level ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    return gpiod_line_settings_set_direction(s, GPIOD_LINE_DIRECTION_OUTPUT) == 0
           && gpiod_line_settings_set_output_value(s, value) == 0;
}

static bool set_input(struct gpiod_line_settings *s, const struct gpio_line *asked)
{
    gpiod_line_settings_set_debounce_period_us(s, (unsigned long)asked->debounce_us);
    return gpiod_line_settings_set_direction(s, GPIOD_LINE_DIRECTION_INPUT) == 0
           && gpiod_line_settings_set_edge_detection(s, GPIOD_LINE_EDGE_BOTH) == 0;
}

/* One line of one request.  returns 0 or -errno */
static int configure(struct gpiod_line_config *config, unsigned offset,
                     const struct gpio_line *asked)
{
    struct gpiod_line_settings *s = gpiod_line_settings_new();
    if (!s)
        return -ENOMEM;
    bool is_set = gpiod_line_settings_set_bias(s, bias_of(asked->bias)) == 0
                  && (asked->is_output ? set_output(s, asked) : set_input(s, asked))
                  && gpiod_line_config_add_line_settings(config, &offset, 1, s) == 0;
    int r = is_set ? 0 : -errno;
    gpiod_line_settings_free(s);
    return r;
}

static int request_line(struct gpio_lines *l, const char *label, const char *consumer,
                        const struct gpio_line *asked, struct gw_error *err)
{
    int offset = gpiod_chip_get_line_offset_from_name(l->chip, asked->name);
    if (offset < 0)
        return gw_fail(err, -ENOENT, "GPIO chip '%s' has no line '%s'", label,
                       asked->name);
    struct v2_line *own = &l->lines[l->count];
    own->offset = (unsigned)offset;
    struct gpiod_line_config *config = gpiod_line_config_new();
    struct gpiod_request_config *request = gpiod_request_config_new();
    int r = config && request ? configure(config, own->offset, asked) : -ENOMEM;
    if (r == 0) {
        gpiod_request_config_set_consumer(request, consumer);
        gpiod_request_config_set_event_buffer_size(request, KERNEL_KEEPS);
        own->request = gpiod_chip_request_lines(l->chip, request, config);
        r = own->request ? 0 : -errno;
    }
    gpiod_request_config_free(request);
    gpiod_line_config_free(config);
    if (r < 0)
        return gpio_line_failed(label, asked->name, r, err);
    l->count++;
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
    if (l) {
        l->lines = calloc(count + 1, sizeof(*l->lines));
        l->buffer = gpiod_edge_event_buffer_new(1);
    }
    r = l && l->lines && l->buffer
            ? request_lines(l, label, consumer, lines, count, err)
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
        gpiod_line_request_release(l->lines[i].request);
    if (l->buffer)
        gpiod_edge_event_buffer_free(l->buffer);
    if (l->chip)
        gpiod_chip_close(l->chip);
    free(l->lines);
    free(l);
    return NULL;
}

int gpio_lines_fd(const struct gpio_lines *l, size_t line)
{
    return gpiod_line_request_get_fd(l->lines[line].request);
}

int gpio_lines_take(struct gpio_lines *l, size_t line, struct gpio_edge *ret)
{
    struct v2_line *own = &l->lines[line];
    int r = gpiod_line_request_wait_edge_events(own->request, 0);
    if (r > 0)
        r = gpiod_line_request_read_edge_events(own->request, l->buffer, 1);
    if (r < 0)
        return -errno;
    if (r == 0)
        return 0;
    struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(l->buffer, 0);
    unsigned long number = gpiod_edge_event_get_line_seqno(event);
    *ret = (struct gpio_edge){
        .level = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE,
        .machine_us = gpio_edge_time((int64_t)gpiod_edge_event_get_timestamp_ns(event)),
        .lost = (uint32_t)(number - own->seen - 1),
    };
    ret->is_burst = ret->lost > 0;
    own->seen = number;
    return 1;
}

int gpio_lines_level(struct gpio_lines *l, size_t line)
{
    const struct v2_line *own = &l->lines[line];
    enum gpiod_line_value value = gpiod_line_request_get_value(own->request, own->offset);
    return value == GPIOD_LINE_VALUE_ERROR ? -errno : value == GPIOD_LINE_VALUE_ACTIVE;
}

int gpio_lines_set(struct gpio_lines *l, size_t line, bool level)
{
    const struct v2_line *own = &l->lines[line];
    enum gpiod_line_value value =
        level ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    return gpiod_line_request_set_value(own->request, own->offset, value) < 0 ? -errno
                                                                              : 0;
}
