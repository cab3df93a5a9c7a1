#include "store/aside.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum { MOVE_TRIES = 100, LISTED_MAX = 256 };

static const char *const parts[] = {"", "-wal", "-shm", "-journal"};
enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

int aside_join(char ret[ASIDE_PATH_MAX], const char *path, const char *suffix)
{
    int n = snprintf(ret, ASIDE_PATH_MAX, "%s%s", path, suffix);
    return n < ASIDE_PATH_MAX ? 0 : -ENAMETOOLONG;
}

int aside_remove(const char *path)
{
    char name[ASIDE_PATH_MAX];
    for (size_t i = 0; i < PARTS; i++)
        if (aside_join(name, path, parts[i]) < 0 || (unlink(name) < 0 && errno != ENOENT))
            return -errno;
    return 0;
}

/* A part that is not there is moved already. */
int aside_move(const char *from, const char *to)
{
    char source[ASIDE_PATH_MAX];
    char target[ASIDE_PATH_MAX];
    for (size_t i = 0; i < PARTS; i++) {
        int r = aside_join(source, from, parts[i]);
        if (r == 0)
            r = aside_join(target, to, parts[i]);
        if (r == 0 && rename(source, target) < 0 && (i == 0 || errno != ENOENT))
            r = -errno;
        if (r < 0)
            return r;
    }
    return 0;
}

int aside_name(const char *path, const char *mark, char ret[ASIDE_PATH_MAX])
{
    char stamp[CLOCK_STAMP_MAX];
    clock_stamp(clock_school_us(), stamp);
    for (int i = 1; i <= MOVE_TRIES; i++) {
        char number[16] = "";
        if (i > 1)
            (void)snprintf(number, sizeof(number), "-%d", i);
        if (snprintf(ret, ASIDE_PATH_MAX, "%s%s%s%s", path, mark, stamp, number)
            >= ASIDE_PATH_MAX)
            return -ENAMETOOLONG;
        if (access(ret, F_OK) < 0)
            return 0;
    }
    return -EEXIST;
}

/* --- what was moved before ---------------------------------------------------- */

/* By their stamps; a clock that went back deceives this, and still the newest by name
 * stay. */
static int newest_first(const void *a, const void *b)
{
    return strcmp(*(char *const *)b, *(char *const *)a);
}

bool aside_is_part(const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 1; i < PARTS; i++) {
        size_t own = strlen(parts[i]);
        if (size > own && strcmp(name + size - own, parts[i]) == 0)
            return true;
    }
    return false;
}

static size_t list(DIR *dir, const char *base, const char *mark, char **names)
{
    size_t count = 0;
    size_t prefix = strlen(base);
    for (struct dirent *e = readdir(dir); e && count < LISTED_MAX; e = readdir(dir))
        if (strncmp(e->d_name, base, prefix) == 0 && !aside_is_part(e->d_name)
            && strncmp(e->d_name + prefix, mark, strlen(mark)) == 0
            && (names[count] = strdup(e->d_name)))
            count++;
    return count;
}

/* All of @path, newest first; ret_folder ends in a slash.  Owner: caller, each name */
static size_t find_all(const char *path, const char *mark,
                       char ret_folder[ASIDE_PATH_MAX], char *ret_names[LISTED_MAX])
{
    const char *slash = strrchr(path, '/');
    (void)snprintf(ret_folder, ASIDE_PATH_MAX, "%.*s",
                   slash ? (int)(slash - path) + 1 : 2, slash ? path : "./");
    DIR *dir = opendir(ret_folder);
    if (!dir)
        return 0;
    size_t count = list(dir, slash ? slash + 1 : path, mark, ret_names);
    closedir(dir);
    if (count > 0)
        qsort(ret_names, count, sizeof(ret_names[0]), newest_first);
    return count;
}

void aside_prune(const char *path, const char *mark, size_t kept)
{
    char folder[ASIDE_PATH_MAX];
    char name[ASIDE_PATH_MAX];
    char *names[LISTED_MAX];
    size_t count = find_all(path, mark, folder, names);
    for (size_t i = 0; i < count; i++) {
        if (i >= kept && aside_join(name, folder, names[i]) == 0)
            (void)aside_remove(name);
        free(names[i]);
    }
}

static bool find_newest(const char *path, const char *mark, char ret[ASIDE_PATH_MAX])
{
    char folder[ASIDE_PATH_MAX];
    char *names[LISTED_MAX];
    size_t count = find_all(path, mark, folder, names);
    bool has_one = count > 0 && aside_join(ret, folder, names[0]) == 0;
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    return has_one;
}

/* Where a part goes that a cut left behind: to the newest file, which it belongs to,
 * unless a clock that went back has put one before it that is whole. */
static int find_rest(const char *path, const char *mark, const char *part,
                     char ret[ASIDE_PATH_MAX])
{
    char taken[ASIDE_PATH_MAX];
    if (find_newest(path, mark, ret) && aside_join(taken, ret, part) == 0
        && access(taken, F_OK) < 0)
        return 0;
    return aside_name(path, mark, ret);
}

int aside_move_rest(const char *path, const char *mark)
{
    char source[ASIDE_PATH_MAX];
    char target[ASIDE_PATH_MAX];
    char name[ASIDE_PATH_MAX];
    for (size_t i = 1; i < PARTS; i++) {
        int r = aside_join(source, path, parts[i]);
        if (r < 0 || access(source, F_OK) < 0)
            continue;
        r = find_rest(path, mark, parts[i], name);
        if (r == 0)
            r = aside_join(target, name, parts[i]);
        if (r == 0 && rename(source, target) < 0)
            r = -errno;
        if (r < 0)
            return r;
    }
    return 0;
}
