#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/gunzip.h"
#include "uplink/gzip.h"

enum { SIZE = 100000 };

/* Readings by the thousand, alike as such are. */
static char *make_text(void)
{
    static const char row[] = "{\"point\":\"b1-203/co2\",\"value\":640},";
    char *text = malloc(SIZE);
    assert_non_null(text);
    for (size_t i = 0; i < SIZE; i++)
        text[i] = row[i % (sizeof(row) - 1)];
    return text;
}

static void what_is_packed_comes_out_as_it_was(void **state)
{
    (void)state;
    char *text = make_text();
    char *packed = NULL;
    size_t size = 0;
    struct strbuf out = {0};
    assert_int_equal(gzip_pack(text, SIZE, &packed, &size), 0);
    assert_true(size < SIZE / 20);
    assert_int_equal(gunzip(packed, size, SIZE, &out), 0);
    assert_int_equal(out.used, SIZE);
    assert_memory_equal(out.text, text, SIZE);
    strbuf_free(&out);
    free(packed);
    free(text);
}

static void no_more_comes_out_than_is_allowed(void **state)
{
    (void)state;
    char *text = make_text();
    char *packed = NULL;
    size_t size = 0;
    struct strbuf out = {0};
    assert_int_equal(gzip_pack(text, SIZE, &packed, &size), 0);
    assert_int_equal(gunzip(packed, size, SIZE - 1, &out), -E2BIG);
    assert_true(out.used < SIZE);
    strbuf_free(&out);
    free(packed);
    free(text);
}

static void what_is_cut_or_changed_is_refused(void **state)
{
    (void)state;
    static const char text[] = "[{\"a\":1},{\"a\":2}]";
    char *packed = NULL;
    size_t size = 0;
    assert_int_equal(gzip_pack(text, strlen(text), &packed, &size), 0);
    for (size_t cut = 0; cut < size; cut++) {
        struct strbuf out = {0};
        assert_int_equal(gunzip(packed, cut, SIZE, &out), -EINVAL);
        strbuf_free(&out);
    }
    packed[size - 5] ^= 1; /* of its sum */
    struct strbuf out = {0};
    assert_int_equal(gunzip(packed, size, SIZE, &out), -EINVAL);
    assert_int_equal(gunzip("[]", 2, SIZE, &out), -EINVAL);
    strbuf_free(&out);
    free(packed);
}

static void a_platform_says_that_it_takes_gzip(void **state)
{
    (void)state;
    static const char *const yes[] = {"gzip", "GZIP", "br, gzip", "deflate ,\tgzip;q=0.5",
                                      "gzip ; q=1, br"};
    static const char *const no[] = {NULL,       "",      "identity",        "x-gzipped",
                                     "gzip;q=0", "gzip2", "br,gzip;q=0.000", "*"};
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        assert_true(gzip_is_taken(yes[i]));
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        assert_false(gzip_is_taken(no[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_comes_out_as_it_was),
        cmocka_unit_test(no_more_comes_out_than_is_allowed),
        cmocka_unit_test(what_is_cut_or_changed_is_refused),
        cmocka_unit_test(a_platform_says_that_it_takes_gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
