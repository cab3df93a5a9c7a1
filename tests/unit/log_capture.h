/* log_capture.h - stderr goes to a pipe, so that the lines can be read back. */
#ifndef LOG_CAPTURE_H
#define LOG_CAPTURE_H

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "gw/log.h"

struct capture {
    int saved;
    int read_fd;
    char text[2048];
};

static inline void capture_open(struct capture *c)
{
    int fds[2];
    assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
    c->saved = dup(STDERR_FILENO);
    c->read_fd = fds[0];
    dup2(fds[1], STDERR_FILENO);
    close(fds[1]);
    unsetenv("JOURNAL_STREAM");
    gw_log_set_level(GW_LOG_INFO);
}

static inline void capture_close(struct capture *c)
{
    dup2(c->saved, STDERR_FILENO);
    close(c->saved);
    close(c->read_fd);
}

/* captured - the lines since the last call. */
static inline const char *captured(struct capture *c)
{
    ssize_t size = read(c->read_fd, c->text, sizeof(c->text) - 1);
    c->text[size > 0 ? size : 0] = '\0';
    return c->text;
}

#endif
