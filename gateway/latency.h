/* latency.h - from a sample taken to its alarm given, by the daemon's own stamps.
 *
 * Keeps the last LATENCY_KEPT; written by main, read by any thread under a leaf lock.
 */
#ifndef LATENCY_H
#define LATENCY_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

enum { LATENCY_KEPT = 1024 };

struct latency {
    pthread_mutex_t lock;
    uint64_t count;
    uint32_t kept_us[LATENCY_KEPT];
};

void latency_init(struct latency *l);
void latency_done(struct latency *l);
void latency_add(struct latency *l, int64_t elapsed_us);

/* latency_quantile - microseconds below which @share (0..1) of the kept ones lie; 0
 * when there is none.  Thread: any. */
uint32_t latency_quantile(struct latency *l, double share, uint64_t *ret_count);

#endif
