/* batch_split.h - the elements of a JSON array, each as its bytes stand in it.
 *
 * What they say is not looked at: each is judged, and kept, as if it had come alone.
 * Thread: any.
 */
#ifndef INGEST_BATCH_SPLIT_H
#define INGEST_BATCH_SPLIT_H

#include <stddef.h>

/* batch_part - within the array's text. */
struct batch_part {
    const char *text;
    size_t size;
};

/* batch_split - returns how many there are; -E2BIG: more than @max; -EINVAL: it is no
 * array, or does not end as one */
int batch_split(const char *text, size_t size, struct batch_part *ret, size_t max);

#endif
