/* worker.h - a thread with a name, a wake-up and a heartbeat.
 *
 * The body loops until worker_should_stop().  It sleeps in poll() on worker_fd()
 * among its own descriptors, clears it with worker_drain(), and calls
 * worker_alive() once per turn so that the watchdog is fed.
 */
#ifndef BASE_WORKER_H
#define BASE_WORKER_H

#include <stdbool.h>
#include <stdint.h>

struct worker;

/* worker_start - @name at most 15 characters; signals are blocked in the thread.
 * @late_us: silent for longer than this counts as hung; 0 = exempt.
 * Owner: caller; ends with worker_join(). */
int worker_start(const char *name, int64_t late_us,
                 void (*body)(struct worker *w, void *ctx), void *ctx,
                 struct worker **ret);

/* worker_wake - makes worker_fd() readable.  Thread: any, never blocks. */
void worker_wake(struct worker *w);

/* worker_stop - asks the body to end; worker_join() waits for it, frees, returns NULL.
 * After 10 s the log says for whom: systemd may end the daemon before it ends. */
void worker_stop(struct worker *w);
struct worker *worker_join(struct worker *w);

/* worker_wait - true: the body has ended, or does so within @patience_us. */
bool worker_wait(struct worker *w, int64_t patience_us);

/* worker_go_on - takes worker_stop() back; only of a body that asks worker_may_end().
 * false: too late, it ends now. */
bool worker_go_on(struct worker *w);

/* worker_silent_us - since it last was alive.  Thread: any. */
int64_t worker_silent_us(const struct worker *w);

/* For the body only.  worker_may_end(): its last act; false = it was told to go on. */
bool worker_may_end(struct worker *w);
bool worker_should_stop(const struct worker *w);
int worker_fd(const struct worker *w);
void worker_drain(struct worker *w);
void worker_alive(struct worker *w);

/* worker_late - the name of a worker whose heartbeat is overdue, or NULL.
 * Thread: main. */
const char *worker_late(void);

#endif
