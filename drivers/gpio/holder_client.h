/* holder_client.h - the driver's end of the socket of campus-gpio-holder.
 *
 * A call waits for its answer at most HOLDER_PATIENCE_MS.  Once one has failed the
 * connection is closed, and holder_open() begins anew.  Thread: the bus.
 */
#ifndef GPIO_HOLDER_CLIENT_H
#define GPIO_HOLDER_CLIENT_H

#include "gw/error.h"
#include "holder_protocol.h"

enum { HOLDER_PATIENCE_MS = 200 };

/* holder_client - zero is not open.  news: states that came while an answer was waited
 * for, later ones of a line in place of earlier ones; has_news a bit a line. */
struct holder_client {
    bool is_open;
    int fd;
    uint32_t sequence;
    uint64_t has_news;
    struct holder_message news[HOLDER_LINES_MAX];
};

/* holder_open - connects to @path.  returns 0 or gw_fail() */
int holder_open(struct holder_client *c, const char *path, struct gw_error *err);

/* holder_close - no-op when it is not open. */
void holder_close(struct holder_client *c);

/* holder_call - @ask (its sequence is filled in) and its answer.
 * returns  0; -EREMOTEIO: refused, the connection goes on; else gw_fail(), it is closed
 */
int holder_call(struct holder_client *c, struct holder_message *ask,
                struct holder_message *ret, struct gw_error *err);

/* holder_news - the next state, or loss of a line, that the holder told by itself.
 * returns  1, 0 = none, or gw_fail(): the connection ended and is closed */
int holder_news(struct holder_client *c, struct holder_message *ret,
                struct gw_error *err);

#endif
