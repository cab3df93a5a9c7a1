/* heap.h - what this process has allocated and not given back.
 *
 * Unlike resident memory it does not depend on what the allocator keeps for later, so it
 * tells a leak from a heap that is full of holes.  What a thread freed and keeps for its
 * next allocations of that size counts, too: up to some 100 KiB a thread, reached within
 * hours.  Thread: any.
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stdint.h>

/* heap_bytes - in use on the heaps of all threads, large pieces with them; SQLite's
 * memory is a part of it.
 * Source: mallinfo(3), uordblks + hblkhd */
int64_t heap_bytes(void);

#endif
