/* reload.h - a changed configuration while the gateway runs.
 *
 * Its own thread reads, checks, compares and builds; it stops the buses that change, asks
 * main for one short step that puts the new tree in the place of the old one, and starts
 * what is new.  Any error before that step leaves everything as it was.
 */
#ifndef RELOAD_H
#define RELOAD_H

#include <jansson.h>

#include "http/http.h"

struct app;
struct reload;

/* reload_new - on the configuration that was chosen, without its thread: who asks waits.
 * Owner: caller; reload_free() after reload_stop() and after every caller has gone */
int reload_new(struct app *app, struct reload **ret);
struct reload *reload_free(struct reload *r);

/* reload_start, reload_stop - its thread; who waits for an answer is told that the
 * gateway is stopping.  Thread: main. */
int reload_start(struct reload *r, struct gw_error *err);
void reload_stop(struct reload *r);

/* reload_hangup - SIGHUP: read the files and go on with them, for good.  Of many that
 * come while one is at work one more follows.  Thread: any, never blocks. */
void reload_hangup(struct reload *r);

/* reload_ask - http_ops.reload; @app is the daemon.  Thread: any but main, waits. */
char *reload_ask(void *app, const struct http_reload *asked, unsigned *ret_status);

/* reload_fd - readable when main's step is due; reload_serve() does it.  Thread: main. */
int reload_fd(const struct reload *r);
void reload_serve(struct reload *r);

/* reload_json - what the status says of the configuration.  Thread: any. */
json_t *reload_json(struct reload *r, uint64_t hash);

#endif
