#include "base/heap.h"

#include <malloc.h>

int64_t heap_bytes(void)
{
    const struct mallinfo2 now = mallinfo2();
    return (int64_t)(now.uordblks + now.hblkhd);
}
