/* kept_copy.c - the files of a configuration, copied and removed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/tables.h"
#include "kept.h"

enum { FILE_BYTES_MAX = 16 << 20 };

static int fail(const char *path, struct gw_error *err)
{
    int code = errno != 0 ? -errno : -EIO;
    return gw_fail(err, code, "'%s': %s", path, strerror(-code));
}

static int copy_bytes(int in, int out)
{
    ssize_t n = 1;
    for (off_t done = 0; n > 0 && done < FILE_BYTES_MAX; done += n)
        n = sendfile(out, in, NULL, 1 << 16);
    return n < 0 ? -1 : 0;
}

static int copy_file(const char *from, int out, struct gw_error *err)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return fail(from, err);
    int r = copy_bytes(in, out) < 0 ? fail(from, err) : 0;
    (void)close(in);
    return r;
}

/* copy_table - without remarks: people may be named there. */
static int copy_table(const char *from, int out, struct gw_error *err)
{
    char *plain = NULL;
    int r = table_plain(from, &plain);
    if (r < 0)
        return gw_fail(err, r, "'%s': %s", from, strerror(-r));
    ssize_t size = (ssize_t)strlen(plain);
    ssize_t n = 0;
    for (ssize_t done = 0; n >= 0 && done < size; done += n)
        n = write(out, plain + done, (size_t)(size - done));
    free(plain);
    return n < 0 ? fail(from, err) : 0;
}

static int copy_into(const char *from, const char *to, bool is_table,
                     struct gw_error *err)
{
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0)
        return fail(to, err);
    int r = is_table ? copy_table(from, out, err) : copy_file(from, out, err);
    if (r == 0 && fsync(out) < 0)
        r = fail(to, err);
    (void)close(out);
    return r;
}

static bool is_yaml(const char *name)
{
    const char *dot = strrchr(name, '.');
    return name[0] != '.' && dot && strcmp(dot, ".yaml") == 0;
}

int kept_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int r = fd < 0 || fsync(fd) < 0 ? -errno : 0;
    if (fd >= 0)
        (void)close(fd);
    return r;
}

/* Links are followed: a copy stands by itself. */
static int copy_folder(const char *from, const char *to, bool is_top,
                       struct gw_error *err)
{
    if (mkdir(to, 0700) < 0)
        return fail(to, err);
    DIR *dir = opendir(from);
    if (!dir)
        return fail(from, err);
    int r = 0;
    const struct dirent *entry = NULL;
    while (r == 0 && (entry = readdir(dir))) {
        char source[KEPT_PATH_MAX];
        char target[KEPT_PATH_MAX];
        struct stat st;
        bool is_table = is_top && table_is_read(entry->d_name);
        bool fits = snprintf(source, sizeof(source), "%s/%s", from, entry->d_name)
                        < (int)sizeof(source)
                    && snprintf(target, sizeof(target), "%s/%s", to, entry->d_name)
                           < (int)sizeof(target);
        if (!fits || entry->d_name[0] == '.' || stat(source, &st) < 0)
            continue;
        if (S_ISDIR(st.st_mode) && is_top)
            r = copy_folder(source, target, false, err);
        else if (S_ISREG(st.st_mode) && (is_table || is_yaml(entry->d_name)))
            r = copy_into(source, target, is_table, err);
    }
    (void)closedir(dir);
    if (r == 0 && kept_sync(to) < 0)
        r = fail(to, err);
    return r;
}

static void remove_folder(const char *path, bool is_top)
{
    DIR *dir = opendir(path);
    const struct dirent *entry = NULL;
    while (dir && (entry = readdir(dir))) {
        char name[KEPT_PATH_MAX];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0
            || snprintf(name, sizeof(name), "%s/%s", path, entry->d_name)
                   >= (int)sizeof(name))
            continue;
        if (unlink(name) < 0 && is_top)
            remove_folder(name, false);
    }
    if (dir)
        (void)closedir(dir);
    (void)rmdir(path);
}

int kept_copy(const struct kept *k, const char *folder, uint64_t hash,
              struct gw_error *err)
{
    char path[KEPT_PATH_MAX];
    char draft[KEPT_PATH_MAX + 8];
    kept_path(k, hash, path);
    (void)snprintf(draft, sizeof(draft), "%s.new", path);
    if (mkdir(k->folder, 0700) < 0 && errno != EEXIST)
        return fail(k->folder, err);
    remove_folder(draft, true);
    int r = copy_folder(folder, draft, true, err);
    if (r < 0) {
        remove_folder(draft, true);
        return r;
    }
    remove_folder(path, true);
    return rename(draft, path) < 0 || kept_sync(k->folder) < 0 ? fail(path, err) : 0;
}

void kept_remove(const struct kept *k, uint64_t hash)
{
    char path[KEPT_PATH_MAX];
    kept_path(k, hash, path);
    remove_folder(path, true);
}

void kept_clear(const struct kept *k)
{
    char confirmed[KEPT_PATH_MAX];
    kept_path(k, k->confirmed, confirmed);
    DIR *dir = opendir(k->folder);
    const struct dirent *entry = NULL;
    while (dir && (entry = readdir(dir))) {
        char path[KEPT_PATH_MAX];
        if (strlen(entry->d_name) < 16
            || snprintf(path, sizeof(path), "%s/%s", k->folder, entry->d_name)
                   >= (int)sizeof(path)
            || strcmp(path, confirmed) == 0)
            continue;
        remove_folder(path, true);
    }
    if (dir)
        (void)closedir(dir);
}
