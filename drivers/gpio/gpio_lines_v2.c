/* gpio_lines_v2.c - over libgpiod 2 (Debian 13): one request and one descriptor for all.
 */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gpio_lines.h"

enum { LABELS_MAX = 256, PATH_BYTES_MAX = 300, EVENTS_KEPT = 1024 };

struct gpio_lines {
    struct gpiod_chip *chip;
    struct gpiod_line_request *request;
    struct gpiod_edge_event_buffer *buffer;
    unsigned *offsets;
    size_t count;
    size_t inputs;
};

/* Adds @chip's label to the list; true when it is @label. */
static bool is_labelled(struct gpiod_chip *chip, const char *label, char *list,
                        size_t *used)
{
    struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
    if (!info)
        return false;
    const char *found = gpiod_chip_info_get_label(info);
    bool is_it = strcmp(found, label) == 0;
    int n = snprintf(list + *used, LABELS_MAX - *used, "%s%s", *used ? ", " : "", found);
    if (n > 0 && (size_t)n < LABELS_MAX - *used)
        *used += (size_t)n;
    list[*used] = '\0';
    gpiod_chip_info_free(info);
    return is_it;
}

static int open_chip(const char *label, struct gpiod_chip **ret, struct gw_error *err)
{
    char labels[LABELS_MAX] = "";
    size_t used = 0;
    struct gpiod_chip *found = NULL;
    DIR *folder = opendir("/dev");
    if (!folder)
        return gw_fail(err, -errno, "/dev: %s", strerror(errno));
    for (struct dirent *e = readdir(folder); e && !found; e = readdir(folder)) {
        char path[PATH_BYTES_MAX];
        (void)snprintf(path, sizeof(path), "/dev/%s", e->d_name);
        if (strncmp(e->d_name, "gpiochip", strlen("gpiochip")) != 0
            || !gpiod_is_gpiochip_device(path))
            continue;
        struct gpiod_chip *chip = gpiod_chip_open(path);
        if (chip && is_labelled(chip, label, labels, &used))
            found = chip;
        else if (chip)
            gpiod_chip_close(chip);
    }
    closedir(folder);
    if (!found)
        return gpio_no_chip(label, labels, err);
    *ret = found;
    return 0;
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

static int add_line(struct gpiod_line_config *config, unsigned offset,
                    const struct gpio_line *asked)
{
    struct gpiod_line_settings *s = gpiod_line_settings_new();
    if (!s)
        return -ENOMEM;
    bool is_set = gpiod_line_settings_set_bias(s, bias_of(asked->bias)) == 0;
    if (asked->is_output)
        is_set =
            is_set
            && gpiod_line_settings_set_direction(s, GPIOD_LINE_DIRECTION_OUTPUT) == 0
            && gpiod_line_settings_set_output_value(
                   s, asked->level ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE)
                   == 0;
    else
        is_set = is_set
                 && gpiod_line_settings_set_direction(s, GPIOD_LINE_DIRECTION_INPUT) == 0
                 && gpiod_line_settings_set_edge_detection(s, GPIOD_LINE_EDGE_BOTH) == 0;
    is_set = is_set && gpiod_line_config_add_line_settings(config, &offset, 1, s) == 0;
    int r = is_set ? 0 : -errno;
    gpiod_line_settings_free(s);
    return r;
}

static int find_lines(struct gpio_lines *l, const char *label,
                      const struct gpio_line *lines, size_t count,
                      struct gpiod_line_config *config, struct gw_error *err)
{
    assert(l->offsets); /* allocated before the chip was opened */
    for (size_t i = 0; i < count; i++) {
        int offset = gpiod_chip_get_line_offset_from_name(l->chip, lines[i].name);
        if (offset < 0)
            return gw_fail(err, -ENOENT, "GPIO chip '%s' has no line '%s'", label,
                           lines[i].name);
        l->offsets[i] = (unsigned)offset;
        l->inputs += !lines[i].is_output;
        int r = add_line(config, l->offsets[i], &lines[i]);
        if (r < 0)
            return gw_fail(err, r, "GPIO line '%s' of '%s': %s", lines[i].name, label,
                           strerror(-r));
    }
    l->count = count;
    return 0;
}

static int request_lines(struct gpio_lines *l, const char *label, const char *consumer,
                         const struct gpio_line *lines, size_t count,
                         struct gw_error *err)
{
    struct gpiod_line_config *config = gpiod_line_config_new();
    struct gpiod_request_config *request = gpiod_request_config_new();
    int r = config && request ? 0 : gw_fail(err, -ENOMEM, "out of memory");
    if (r == 0)
        r = find_lines(l, label, lines, count, config, err);
    if (r == 0) {
        gpiod_request_config_set_consumer(request, consumer);
        gpiod_request_config_set_event_buffer_size(request, EVENTS_KEPT);
        l->request = gpiod_chip_request_lines(l->chip, request, config);
        if (!l->request)
            r = gw_fail(err, -errno, "GPIO lines of '%s': %s", label, strerror(errno));
    }
    gpiod_request_config_free(request);
    gpiod_line_config_free(config);
    return r;
}

int gpio_lines_open(const char *label, const char *consumer,
                    const struct gpio_line *lines, size_t count, struct gpio_lines **ret,
                    struct gw_error *err)
{
    struct gpio_lines *l = calloc(1, sizeof(*l));
    if (!l)
        return gw_fail(err, -ENOMEM, "GPIO chip '%s': out of memory", label);
    l->offsets = calloc(count + 1, sizeof(*l->offsets));
    l->buffer = gpiod_edge_event_buffer_new(1);
    int r = l->offsets && l->buffer ? 0 : gw_fail(err, -ENOMEM, "out of memory");
    if (r == 0)
        r = open_chip(label, &l->chip, err);
    if (r == 0)
        r = request_lines(l, label, consumer, lines, count, err);
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
    if (l->request)
        gpiod_line_request_release(l->request);
    if (l->buffer)
        gpiod_edge_event_buffer_free(l->buffer);
    if (l->chip)
        gpiod_chip_close(l->chip);
    free(l->offsets);
    free(l);
    return NULL;
}

size_t gpio_lines_wait(const struct gpio_lines *l, struct pollfd *ret, size_t max)
{
    if (max == 0 || l->inputs == 0)
        return 0;
    ret[0] =
        (struct pollfd){.fd = gpiod_line_request_get_fd(l->request), .events = POLLIN};
    return 1;
}

static size_t line_at(const struct gpio_lines *l, unsigned offset)
{
    size_t i = 0;
    while (i < l->count && l->offsets[i] != offset)
        i++;
    return i;
}

int gpio_lines_take(struct gpio_lines *l, struct gpio_edge *ret)
{
    int r = l->inputs ? gpiod_line_request_wait_edge_events(l->request, 0) : 0;
    if (r > 0)
        r = gpiod_line_request_read_edge_events(l->request, l->buffer, 1);
    if (r < 0)
        return -errno;
    if (r == 0)
        return 0;
    struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(l->buffer, 0);
    *ret = (struct gpio_edge){
        .line = line_at(l, gpiod_edge_event_get_line_offset(event)),
        .level = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE,
        .machine_us = gpio_edge_time((int64_t)gpiod_edge_event_get_timestamp_ns(event)),
    };
    return 1;
}

int gpio_lines_level(struct gpio_lines *l, size_t line)
{
    enum gpiod_line_value value =
        gpiod_line_request_get_value(l->request, l->offsets[line]);
    return value == GPIOD_LINE_VALUE_ERROR ? -errno : value == GPIOD_LINE_VALUE_ACTIVE;
}

int gpio_lines_set(struct gpio_lines *l, size_t line, bool level)
{
    enum gpiod_line_value value =
        level ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    int r = gpiod_line_request_set_value(l->request, l->offsets[line], value);
    return r < 0 ? -errno : 0;
}
