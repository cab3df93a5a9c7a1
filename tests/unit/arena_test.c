#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/mman.h>

#include "base/arena.h"

enum { MIB = 1024 * 1024, LARGE = 64 * MIB, PAGE = 4096 };

#ifndef __SANITIZE_THREAD__
/* How many of the pages that lie within @bytes are in memory. */
static size_t resident_pages(unsigned char *bytes, size_t size)
{
    static unsigned char present[LARGE / PAGE];
    uintptr_t first = ((uintptr_t)bytes + PAGE - 1) / PAGE * PAGE;
    size_t count = ((uintptr_t)bytes + size - first) / PAGE;
    assert_true(count <= sizeof(present));
    assert_int_equal(mincore((void *)first, count * PAGE, present), 0);
    size_t resident = 0;
    for (size_t i = 0; i < count; i++)
        resident += present[i] & 1;
    return resident;
}
#endif

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena *a = NULL;
    assert_int_equal(arena_new(&a), 0);
    for (size_t size = 1; size < 10000; size += 333) {
        unsigned char *bytes = arena_alloc(a, size);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xAA, size);
    }
    assert_null(arena_free(a));
}

static void text_is_copied_and_formatted(void **state)
{
    (void)state;
    struct arena *a = NULL;
    assert_int_equal(arena_new(&a), 0);
    char name[] = "b1-203";
    char *copy = arena_string(a, name);
    name[0] = 'x';
    assert_string_equal(copy, "b1-203");
    assert_string_equal(arena_format(a, "%s/%d", copy, 7), "b1-203/7");
    assert_memory_equal(arena_copy(a, "\0\1\2", 3), "\0\1\2", 3);
    assert_null(arena_alloc(a, SIZE_MAX));
    arena_free(a);
}

static void a_large_piece_is_clear_and_takes_memory_only_as_it_is_used(void **state)
{
    (void)state;
    struct arena *a = NULL;
    assert_int_equal(arena_new(&a), 0);
    char *before = arena_alloc(a, 16);
    unsigned char *large = arena_alloc(a, LARGE);
    assert_non_null(large);
#ifndef __SANITIZE_THREAD__ /* its calloc() writes what it gives */
    assert_true(resident_pages(large, LARGE) < LARGE / PAGE / 8);
#endif
    for (size_t i = 0; i < LARGE; i += PAGE)
        assert_int_equal(large[i], 0);
    memset(large, 0xAA, LARGE);
    char *after = arena_alloc(a, 16);
    assert_ptr_equal(after, before + 16); /* the chunk before it keeps its room */
    assert_int_equal(after[0], 0);
    arena_free(a);
}

static void freeing_nothing_is_fine(void **state)
{
    (void)state;
    assert_null(arena_free(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(text_is_copied_and_formatted),
        cmocka_unit_test(a_large_piece_is_clear_and_takes_memory_only_as_it_is_used),
        cmocka_unit_test(freeing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
