#include "latency.h"

#include <stdlib.h>
#include <string.h>

void latency_init(struct latency *l)
{
    (void)memset(l, 0, sizeof(*l));
    (void)pthread_mutex_init(&l->lock, NULL);
}

void latency_done(struct latency *l)
{
    (void)pthread_mutex_destroy(&l->lock);
}

void latency_add(struct latency *l, int64_t elapsed_us)
{
    const uint32_t kept = elapsed_us < 0            ? 0
                          : elapsed_us > UINT32_MAX ? UINT32_MAX
                                                    : (uint32_t)elapsed_us;
    (void)pthread_mutex_lock(&l->lock);
    l->kept_us[l->count++ % LATENCY_KEPT] = kept;
    (void)pthread_mutex_unlock(&l->lock);
}

static int by_size(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a;
    const uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

uint32_t latency_quantile(struct latency *l, double share, uint64_t *ret_count)
{
    uint32_t sorted[LATENCY_KEPT];
    (void)pthread_mutex_lock(&l->lock);
    const uint64_t count = l->count;
    (void)memcpy(sorted, l->kept_us, sizeof(sorted));
    (void)pthread_mutex_unlock(&l->lock);

    *ret_count = count;
    const size_t n = count < LATENCY_KEPT ? (size_t)count : LATENCY_KEPT;
    if (n == 0)
        return 0;
    qsort(sorted, n, sizeof(sorted[0]), by_size);
    const size_t index = (size_t)((double)n * share);
    return sorted[index < n ? index : n - 1];
}
