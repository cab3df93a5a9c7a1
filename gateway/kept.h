/* kept.h - the configuration that is known to be good: a copy of its files, and what runs
 * instead of them until somebody confirms it.
 *
 * In "kept" of the state folder: state.json, and the copies by the hash of their bytes.
 * The files of the administrator are never written.  Thread: main until the reload's
 * thread runs, then that.
 */
#ifndef KEPT_H
#define KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "gw/error.h"

/* CONFIRMED  what runs is for good
 * PENDING    what runs is tried; without a confirmation the copy runs again
 * RETURNED   it was not confirmed: the copy runs until somebody reloads */
enum kept_standing { KEPT_CONFIRMED, KEPT_PENDING, KEPT_RETURNED };

enum { KEPT_PATH_MAX = 768 };

/* kept - as in state.json.
 * confirmed    hash of the copy that is there, 0 = none
 * other        of what is tried, or was left
 * boot, until_us   PENDING: in this boot it ends at this CLOCK_BOOTTIME; in another one
 * it has the whole window_us again is_starting  a daemon set out with what is tried and
 * is not up yet */
struct kept {
    char folder[512];
    enum kept_standing standing;
    uint64_t confirmed;
    uint64_t other;
    char boot[CLOCK_BOOT_MAX];
    int64_t until_us;
    int64_t window_us;
    bool is_starting;
};

/* kept_open - reads state.json below @state_folder; none, or one that is broken, is
 * CONFIRMED without a copy. */
void kept_open(struct kept *k, const char *state_folder);

/* kept_choose - at a start: whether the copy runs and not the files, whose hash is @hash.
 * What was tried and fails (@is_faulty, or it did not come up the last time) is left. */
bool kept_choose(struct kept *k, uint64_t hash, bool is_faulty);

/* kept_write - state.json, on the disk when it returns.  0 or gw_fail() */
int kept_write(const struct kept *k, struct gw_error *err);

/* kept_try - PENDING from now on for @window_us; kept_left_us - of it, 0 = over. */
void kept_try(struct kept *k, uint64_t hash, int64_t window_us);
int64_t kept_left_us(const struct kept *k);

/* kept_path - of the copy with @hash. */
void kept_path(const struct kept *k, uint64_t hash, char ret[KEPT_PATH_MAX]);

/* kept_copy - the *.yaml of @folder and its subfolders, and what is read of its tables,
 * as the copy of @hash; on the disk when it returns.  0 or gw_fail().  In kept_copy.c. */
int kept_copy(const struct kept *k, const char *folder, uint64_t hash,
              struct gw_error *err);

/* kept_sync - the names in @folder, on the disk when it returns.  0 or -errno */
int kept_sync(const char *folder);

/* kept_remove - the copy of @hash, when there is one; kept_clear - every copy but the
 * confirmed one. */
void kept_remove(const struct kept *k, uint64_t hash);
void kept_clear(const struct kept *k);

const char *kept_standing_name(enum kept_standing standing);

#endif
