#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/language.h"

static const char part_suffix[] = ".part";

static int fail(const char *file, struct gw_error *err)
{
    int code = -errno;
    return gw_fail(err, code, "'%s': %s", file, strerror(-code));
}

static int refuse(const char *file, struct gw_error *err)
{
    return gw_fail(
        err, -EEXIST,
        language_is_chinese()
            ? "“%s”不是普通文件，不替换（允许：新文件名、普通文件、字符设备、管道）"
            : "'%s' is no regular file, and is not replaced (allowed: a new "
              "name, a regular file, a character device, a FIFO)",
        file);
}

static bool is_written_to(const struct stat *st)
{
    return S_ISCHR(st->st_mode) || S_ISFIFO(st->st_mode);
}

/* What was looked at may have become another one. */
static int open_itself(struct output *o, struct gw_error *err)
{
    struct stat st;
    int fd = open(o->file, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return fail(o->file, err);
    if (fstat(fd, &st) == 0 && is_written_to(&st) && (o->stream = fdopen(fd, "w")))
        return 0;
    close(fd);
    return refuse(o->file, err);
}

static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    (void)umask(mask);
    return 0666 & ~mask;
}

/* A name of its own: one that could be foreseen may be a link that somebody laid. */
static int open_part(struct output *o, struct gw_error *err)
{
    if (asprintf(&o->part, "%s.XXXXXX%s", o->file, part_suffix) < 0) {
        o->part = NULL;
        return gw_fail(err, -ENOMEM, "out of memory");
    }
    int fd = mkostemps(o->part, sizeof(part_suffix) - 1, O_CLOEXEC);
    if (fd >= 0 && fchmod(fd, usual_mode()) == 0 && (o->stream = fdopen(fd, "w")))
        return 0;
    int r = fail(o->file, err);
    if (fd >= 0) {
        close(fd);
        (void)unlink(o->part);
    }
    free(o->part);
    o->part = NULL;
    return r;
}

int output_open(const char *file, struct output *ret, struct gw_error *err)
{
    struct stat own;
    struct stat led_to; /* /dev/stdout is a link */
    *ret = (struct output){.file = file};
    if (lstat(file, &own) < 0)
        return errno == ENOENT ? open_part(ret, err) : fail(file, err);
    if (S_ISREG(own.st_mode))
        return open_part(ret, err);
    return stat(file, &led_to) == 0 && is_written_to(&led_to) ? open_itself(ret, err)
                                                              : refuse(file, err);
}

int output_close(struct output *o, bool is_whole, struct gw_error *err)
{
    int r = fclose(o->stream) < 0 ? fail(o->file, err) : 0;
    if (r == 0 && is_whole && o->part && rename(o->part, o->file) < 0)
        r = fail(o->file, err);
    if ((r < 0 || !is_whole) && o->part)
        (void)unlink(o->part);
    free(o->part);
    *o = (struct output){0};
    return r;
}
