/* sources.h - what resources read, swapped as a whole while they read it.
 *
 * A resource holds one generation from sources_use() to sources_done(); once settled,
 * nobody holds the old one and it may be freed.
 */
#ifndef HTTP_SOURCES_H
#define HTTP_SOURCES_H

#include <pthread.h>

#include "http/http.h"

struct sources {
    pthread_mutex_t lock;
    pthread_cond_t idle;
    struct http_sources current;
    unsigned generation;
    unsigned users[2]; /* of the even and the odd generation */
};

/* sources_hold - one reader's view; plain value on its stack. */
struct sources_hold {
    struct http_sources sources;
    unsigned generation;
};

void sources_start(struct sources *s, const struct http_sources *first);
void sources_end(struct sources *s);

/* Thread: any. */
void sources_use(struct sources *s, struct sources_hold *ret);
void sources_done(struct sources *s, const struct sources_hold *hold);

/* sources_put - @next for whoever uses them from now on; sources_settle - waits for the
 * readers of the generation before.  Each put is settled before the next. */
void sources_put(struct sources *s, const struct http_sources *next);
void sources_settle(struct sources *s);

#endif
