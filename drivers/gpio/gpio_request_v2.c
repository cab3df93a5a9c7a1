/* gpio_request_v2.c - over libgpiod 2 (Debian 13). */
#include <errno.h>
#include <gpiod.h>
#include <stdlib.h>
#include <string.h>

#include "gpio_request.h"

/* Edges of a line that wait in the kernel; when there are more, the oldest give way. */
enum { KERNEL_KEEPS = 128 };

/* seen  the kernel's number of the last edge, 0 = none yet */
struct gpio_request {
    struct gpiod_chip *chip;
    struct gpiod_line_request *line;
    struct gpiod_edge_event_buffer *buffer;
    unsigned offset;
    unsigned long seen;
};

bool gpio_has_debounce(void)
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

/* The line of q->offset.  returns 0 or -errno */
static int request_line(struct gpio_request *q, const char *consumer,
                        const struct gpio_line *asked)
{
    struct gpiod_line_config *config = gpiod_line_config_new();
    struct gpiod_request_config *request = gpiod_request_config_new();
    int r = config && request ? configure(config, q->offset, asked) : -ENOMEM;
    if (r == 0) {
        gpiod_request_config_set_consumer(request, consumer);
        gpiod_request_config_set_event_buffer_size(request, KERNEL_KEEPS);
        q->line = gpiod_chip_request_lines(q->chip, request, config);
        r = q->line ? 0 : -errno;
    }
    gpiod_request_config_free(request);
    gpiod_line_config_free(config);
    return r;
}

static int find_line(struct gpio_request *q, const char *label, const char *name,
                     struct gw_error *err)
{
    char path[PATH_MAX];
    int r = gpio_chip_path(label, path, err);
    if (r < 0)
        return r;
    q->chip = gpiod_chip_open(path);
    if (!q->chip)
        return gw_fail(err, -errno, "%s: %s", path, strerror(errno));
    int offset = gpiod_chip_get_line_offset_from_name(q->chip, name);
    if (offset < 0)
        return gw_fail(err, -ENOENT, "GPIO chip '%s' has no line '%s'", label, name);
    q->offset = (unsigned)offset;
    return 0;
}

int gpio_request_open(const char *label, const char *consumer,
                      const struct gpio_line *line, struct gpio_request **ret,
                      struct gw_error *err)
{
    struct gpio_request *q = calloc(1, sizeof(*q));
    if (q)
        q->buffer = gpiod_edge_event_buffer_new(1);
    int r = q && q->buffer
                ? find_line(q, label, line->name, err)
                : gw_fail(err, -ENOMEM, "GPIO chip '%s': out of memory", label);
    if (r == 0) {
        r = request_line(q, consumer, line);
        if (r < 0)
            (void)gpio_line_failed(label, line->name, r, err);
    }
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
        gpiod_line_request_release(q->line);
    if (q->buffer)
        gpiod_edge_event_buffer_free(q->buffer);
    if (q->chip)
        gpiod_chip_close(q->chip);
    free(q);
    return NULL;
}

int gpio_request_fd(const struct gpio_request *q)
{
    return gpiod_line_request_get_fd(q->line);
}

int gpio_request_take(struct gpio_request *q, struct gpio_edge *ret)
{
    int r = gpiod_line_request_wait_edge_events(q->line, 0);
    if (r > 0)
        r = gpiod_line_request_read_edge_events(q->line, q->buffer, 1);
    if (r < 0)
        return -errno;
    if (r == 0)
        return 0;
    struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(q->buffer, 0);
    unsigned long number = gpiod_edge_event_get_line_seqno(event);
    *ret = (struct gpio_edge){
        .level = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE,
        .machine_us = gpio_edge_time((int64_t)gpiod_edge_event_get_timestamp_ns(event)),
        .lost = (uint32_t)(number - q->seen - 1),
    };
    ret->is_burst = ret->lost > 0;
    q->seen = number;
    return 1;
}

int gpio_request_level(struct gpio_request *q)
{
    enum gpiod_line_value value = gpiod_line_request_get_value(q->line, q->offset);
    return value == GPIOD_LINE_VALUE_ERROR ? -errno : value == GPIOD_LINE_VALUE_ACTIVE;
}

int gpio_request_set(struct gpio_request *q, bool level)
{
    enum gpiod_line_value value =
        level ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    return gpiod_line_request_set_value(q->line, q->offset, value) < 0 ? -errno : 0;
}
