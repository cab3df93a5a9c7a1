#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *const standings[] = {[KEPT_CONFIRMED] = "confirmed",
                                        [KEPT_PENDING] = "pending",
                                        [KEPT_RETURNED] = "returned"};

const char *kept_standing_name(enum kept_standing standing)
{
    return standings[standing];
}

/* --- time: of this boot, also while it sleeps ------------------------------------ */

static int64_t boot_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void kept_try(struct kept *k, uint64_t hash, int64_t window_us)
{
    k->standing = KEPT_PENDING;
    k->other = hash;
    k->window_us = window_us;
    k->until_us = boot_us() + window_us;
    k->is_starting = false;
    clock_boot(k->boot);
}

int64_t kept_left_us(const struct kept *k)
{
    int64_t left_us = k->until_us - boot_us();
    return left_us > 0 ? left_us : 0;
}

/* --- state.json ------------------------------------------------------------------- */

static uint64_t hash_of(const json_t *state, const char *key)
{
    const char *text = json_string_value(json_object_get(state, key));
    return text ? strtoull(text, NULL, 16) : 0;
}

static void read_state(struct kept *k, const json_t *state)
{
    const char *standing = json_string_value(json_object_get(state, "standing"));
    const char *boot = json_string_value(json_object_get(state, "boot"));
    for (int i = 0; standing && i <= KEPT_RETURNED; i++)
        if (strcmp(standings[i], standing) == 0)
            k->standing = (enum kept_standing)i;
    k->confirmed = hash_of(state, "confirmed");
    k->other = hash_of(state, "other");
    (void)snprintf(k->boot, sizeof(k->boot), "%s", boot ? boot : "");
    k->until_us = json_integer_value(json_object_get(state, "until_us"));
    k->window_us = json_integer_value(json_object_get(state, "window_us"));
    k->is_starting = json_is_true(json_object_get(state, "is_starting"));
}

void kept_path(const struct kept *k, uint64_t hash, char ret[KEPT_PATH_MAX])
{
    (void)snprintf(ret, KEPT_PATH_MAX, "%s/%016" PRIx64, k->folder, hash);
}

void kept_open(struct kept *k, const char *state_folder)
{
    char path[KEPT_PATH_MAX];
    char boot[CLOCK_BOOT_MAX];
    *k = (struct kept){0};
    (void)snprintf(k->folder, sizeof(k->folder), "%.500s/kept", state_folder);
    (void)snprintf(path, sizeof(path), "%s/state.json", k->folder);
    json_t *state = json_load_file(path, 0, NULL);
    if (state)
        read_state(k, state);
    json_decref(state);

    kept_path(k, k->confirmed, path);
    if (k->confirmed != 0 && access(path, R_OK) < 0) {
        k->standing = KEPT_CONFIRMED; /* somebody took it away: nothing to go back to */
        k->confirmed = 0;
    }
    clock_boot(boot);
    if (strcmp(k->boot, boot) != 0)
        k->until_us = boot_us() + k->window_us;
    (void)snprintf(k->boot, sizeof(k->boot), "%s", boot);
}

static int write_file(const char *path, const json_t *state)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    int r = json_dumpfd(state, fd, JSON_INDENT(1)) < 0 || fsync(fd) < 0 ? -EIO : 0;
    if (r < 0 && errno != 0)
        r = -errno;
    (void)close(fd);
    return r;
}

int kept_write(const struct kept *k, struct gw_error *err)
{
    char name[KEPT_PATH_MAX];
    char draft[KEPT_PATH_MAX];
    char confirmed[24];
    char other[24];
    (void)snprintf(name, sizeof(name), "%s/state.json", k->folder);
    (void)snprintf(draft, sizeof(draft), "%s/state.json.new", k->folder);
    (void)snprintf(confirmed, sizeof(confirmed), "%016" PRIx64, k->confirmed);
    (void)snprintf(other, sizeof(other), "%016" PRIx64, k->other);
    json_t *state =
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:b}", "standing",
                  standings[k->standing], "confirmed", confirmed, "other", other, "boot",
                  k->boot, "until_us", (json_int_t)k->until_us, "window_us",
                  (json_int_t)k->window_us, "is_starting", (int)k->is_starting);
    int r = state ? 0 : -ENOMEM;
    if (r == 0 && mkdir(k->folder, 0700) < 0 && errno != EEXIST)
        r = -errno;
    errno = 0;
    if (r == 0)
        r = write_file(draft, state);
    if (r == 0 && rename(draft, name) < 0)
        r = -errno;
    if (r == 0)
        r = kept_sync(k->folder);
    json_decref(state);
    return r < 0 ? gw_fail(err, r, "'%s' cannot be written: %s", name, strerror(-r)) : 0;
}

/* --- at a start --------------------------------------------------------------------- */

bool kept_choose(struct kept *k, uint64_t hash, bool is_faulty)
{
    if (k->standing == KEPT_RETURNED && (k->other != hash || k->confirmed == 0))
        k->standing = KEPT_CONFIRMED; /* somebody has written other files since */
    if (k->standing != KEPT_PENDING || k->confirmed == 0)
        return k->standing == KEPT_RETURNED;
    k->other = hash; /* of the files as they are now: these are tried, or left */
    if (is_faulty || k->is_starting || kept_left_us(k) == 0) {
        k->standing = KEPT_RETURNED;
        k->is_starting = false;
        return true;
    }
    k->is_starting = true;
    return false;
}
