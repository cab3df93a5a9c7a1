/* broken_rig.h - files that a test breaks, and what the store made of them. */
#ifndef TESTS_BROKEN_RIG_H
#define TESTS_BROKEN_RIG_H

#include <fcntl.h>
#include <sys/stat.h>

#include "store_rig.h"

static inline off_t size_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

static inline void write_at(const char *path, const void *bytes, size_t size, off_t at)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, bytes, size, at), (ssize_t)size);
    close(fd);
}

static inline void copy_file(const char *from, const char *to)
{
    static char bytes[8 << 20];
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t size = read(in, bytes, sizeof(bytes));
    assert_in_range(size, 1, sizeof(bytes) - 1);
    assert_int_equal(write(out, bytes, (size_t)size), size);
    close(in);
    close(out);
}

/* How many broken files lie there; the last one's name. */
static inline int count_broken(struct rig *rig, char *ret, size_t size)
{
    int count = 0;
    DIR *dir = opendir(rig->folder);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        bool is_part = strstr(e->d_name, "-wal") || strstr(e->d_name, "-shm");
        if (strncmp(e->d_name, "campus.db.broken-", 17) != 0 || is_part)
            continue;
        count++;
        (void)snprintf(ret, size, "%s/%s", rig->folder, e->d_name);
    }
    closedir(dir);
    return count;
}

#endif
