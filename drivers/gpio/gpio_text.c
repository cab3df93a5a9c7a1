/* gpio_text.c - what both libgpiod versions share: times, chips by label, faults. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "gpio_request.h"
#include "gw/driver.h"

enum { LABELS_MAX = 256 };

int64_t gpio_edge_time(int64_t kernel_ns)
{
    static const int64_t oldest_us = INT64_C(600) * 1000000;
    int64_t now_us = gw_machine_us();
    int64_t time_us = kernel_ns / 1000;
    return time_us <= now_us && time_us > now_us - oldest_us ? time_us : now_us;
}

int gpio_no_chip(const char *label, const char *found, struct gw_error *err)
{
    return gw_fail(err, -ENODEV, "no GPIO chip is labelled '%s' (there is: %s)", label,
                   found[0] ? found : "no chip at all");
}

int gpio_no_permission(const char *path, struct gw_error *err)
{
    return gw_fail(err, -EACCES,
                   "%s: no permission (the service's user must be in the group 'gpio', "
                   "and its unit must allow char-gpiochip)",
                   path);
}

int gpio_line_failed(const char *label, const char *name, int code, struct gw_error *err)
{
    if (code == -EBUSY)
        return gw_fail(err, code,
                       "GPIO line '%s' of '%s' is taken by another program (gpioinfo "
                       "shows which)",
                       name, label);
    return gw_fail(err, code, "GPIO line '%s' of '%s': %s", name, label, strerror(-code));
}

/* The label of the chip at @path.  returns 0 or -errno; -ENOTTY: no GPIO chip */
static int read_label(const char *path, char ret[GPIO_MAX_NAME_SIZE])
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    struct gpiochip_info chip = {0};
    int r = ioctl(fd, GPIO_GET_CHIPINFO_IOCTL, &chip) < 0 ? -errno : 0;
    (void)close(fd);
    memcpy(ret, chip.label, GPIO_MAX_NAME_SIZE);
    ret[GPIO_MAX_NAME_SIZE - 1] = '\0';
    return r;
}

/* found    the labels so far, for whom it helps
 * denied   the first chip that may not be opened, "" = none */
struct search {
    const char *label;
    char found[LABELS_MAX];
    size_t used;
    char denied[PATH_MAX];
};

static bool is_it(struct search *s, const char *path)
{
    char label[GPIO_MAX_NAME_SIZE];
    int r = read_label(path, label);
    if ((r == -EACCES || r == -EPERM) && !s->denied[0])
        (void)snprintf(s->denied, sizeof(s->denied), "%s", path);
    if (r < 0)
        return false;
    int n = snprintf(s->found + s->used, LABELS_MAX - s->used, "%s%s",
                     s->used ? ", " : "", label);
    if (n > 0 && (size_t)n < LABELS_MAX - s->used)
        s->used += (size_t)n;
    s->found[s->used] = '\0';
    return strcmp(label, s->label) == 0;
}

/* @s->label among all chips; *ret_path where it is.  returns 1, 0 or gw_fail() */
static int search(struct search *s, char ret_path[PATH_MAX], struct gw_error *err)
{
    DIR *folder = opendir("/dev");
    if (!folder)
        return gw_fail(err, -errno, "/dev: %s", strerror(errno));
    bool is_found = false;
    for (struct dirent *e = readdir(folder); e && !is_found; e = readdir(folder)) {
        if (strncmp(e->d_name, "gpiochip", strlen("gpiochip")) != 0)
            continue;
        (void)snprintf(ret_path, PATH_MAX, "/dev/%s", e->d_name);
        is_found = is_it(s, ret_path);
    }
    closedir(folder);
    return is_found;
}

int gpio_chip_path(const char *label, char ret[PATH_MAX], struct gw_error *err)
{
    struct search s = {.label = label};
    int r = search(&s, ret, err);
    if (r != 0)
        return r < 0 ? r : 0;
    return s.denied[0] ? gpio_no_permission(s.denied, err)
                       : gpio_no_chip(label, s.found, err);
}

enum gpio_presence gpio_chip_look(const char *label)
{
    struct search s = {.label = label};
    struct gw_error err;
    char path[PATH_MAX];
    int r = search(&s, path, &err);
    if (r == 0 && s.found[0] && !s.denied[0])
        return GPIO_ABSENT;
    return r > 0 ? GPIO_THERE : GPIO_UNKNOWN;
}

/* Before 5.10 the kernel does not know the question. */
static enum gpio_presence look_at_lines(int chip, const char *name)
{
    struct gpiochip_info info = {0};
    if (ioctl(chip, GPIO_GET_CHIPINFO_IOCTL, &info) < 0)
        return GPIO_UNKNOWN;
    for (uint32_t i = 0; i < info.lines; i++) {
        struct gpio_v2_line_info line = {.offset = i};
        if (ioctl(chip, GPIO_V2_GET_LINEINFO_IOCTL, &line) < 0)
            return GPIO_UNKNOWN;
        if (strncmp(line.name, name, sizeof(line.name)) == 0)
            return GPIO_THERE;
    }
    return GPIO_ABSENT;
}

enum gpio_presence gpio_line_look(const char *label, const char *name)
{
    struct gw_error err;
    char path[PATH_MAX];
    int chip =
        gpio_chip_path(label, path, &err) == 0 ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (chip < 0)
        return GPIO_UNKNOWN;
    enum gpio_presence presence = look_at_lines(chip, name);
    (void)close(chip);
    return presence;
}
