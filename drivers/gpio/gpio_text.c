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

int gpio_chip_path(const char *label, char ret[PATH_MAX], struct gw_error *err)
{
    struct search s = {.label = label};
    DIR *folder = opendir("/dev");
    if (!folder)
        return gw_fail(err, -errno, "/dev: %s", strerror(errno));
    bool is_found = false;
    for (struct dirent *e = readdir(folder); e && !is_found; e = readdir(folder)) {
        if (strncmp(e->d_name, "gpiochip", strlen("gpiochip")) != 0)
            continue;
        (void)snprintf(ret, PATH_MAX, "/dev/%s", e->d_name);
        is_found = is_it(&s, ret);
    }
    closedir(folder);
    if (is_found)
        return 0;
    return s.denied[0] ? gpio_no_permission(s.denied, err)
                       : gpio_no_chip(label, s.found, err);
}
