/* heap.h - what this process has allocated and not given back.
 *
 * Unlike resident memory it does not depend on what the allocator keeps for later, so it
 * tells a leak from a heap that is full of holes.  Thread: any.
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stdint.h>

/* heap_bytes - in use on the heaps of all threads, large pieces with them; SQLite's memory
 * is a part of it.
 * Source: mallinfo(3), uordblks + hblkhd */
int64_t heap_bytes(void);

#endif
