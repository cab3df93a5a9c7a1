#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/canonical.h"

static char *canonical_of(const char *text)
{
    json_error_t fault;
    json_t *value = json_loads(text, CANONICAL_READ | JSON_DECODE_ANY, &fault);
    if (!value)
        fail_msg("%s: %s", text, fault.text);
    char *result = canonical_json(value);
    json_decref(value);
    return result;
}

static void assert_canonical(const char *text, const char *expected)
{
    char *result = canonical_of(text);
    assert_string_equal(result, expected);
    free(result);
}

/* RFC 8785, 3.2.2, 3.2.3 and their figures. */
static void it_is_what_the_standard_shows(void **state)
{
    (void)state;
    assert_canonical(
        "{\"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3,"
        " 0.000000000000000000000000001],"
        " \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\","
        " \"literals\": [null, true, false]}",
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,"
        "4.5,0.002,1e-27],\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    assert_canonical("{\"\\u20ac\": 1, \"\\r\": 2, \"\\ufb33\": 3, \"1\": 4,"
                     " \"\\ud83d\\ude00\": 5, \"\\u0080\": 6, \"\\u00f6\": 7}",
                     "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"\u00f6\":7,\"\u20ac\":1,"
                     "\"\U0001F600\":5,\"\uFB33\":3}");
}

/* RFC 8785, appendix B. */
static void numbers_are_those_of_its_table(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits;
        const char *text;
    } rows[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        double value = 0;
        memcpy(&value, &rows[i].bits, sizeof(value));
        json_t *number = json_real(value);
        char *text = canonical_json(number);
        assert_string_equal(text, rows[i].text);
        free(text);
        json_decref(number);
    }
}

/* Of doubles of any size, and of every way in which a database may write one. */
static void a_number_is_the_same_however_it_is_written(void **state)
{
    (void)state;
    uint64_t bits = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        double value = i % 2 ? (double)(int64_t)(bits % 2000000) / 10000 - 100 : 0;
        if (i % 2 == 0)
            memcpy(&value, &bits, sizeof(value));
        if (!isfinite(value))
            continue;
        json_t *number = json_real(value);
        char *text = canonical_json(number);
        assert_true(strtod(text, NULL) == value);
        char other[400];
        (void)snprintf(other, sizeof(other),
                       fabs(value) < 1e15 && fabs(value) > 1e-15 ? "%.340f" : "%.20e",
                       value);
        char *again = canonical_of(other);
        assert_string_equal(again, text);
        free(again);
        free(text);
        json_decref(number);
    }
    assert_canonical("[1, 1.0, 10e-1, 1.00, -0.0, 1e-5, 0.00001]",
                     "[1,1,1,1,0,0.00001,0.00001]");
}

static void an_integer_is_a_double_or_refused(void **state)
{
    (void)state;
    unsigned char digest[CANONICAL_DIGEST];
    json_t *last = json_integer(INT64_C(9007199254740992));
    json_t *beyond = json_integer(INT64_C(9007199254740993));
    char *text = canonical_json(last);
    assert_string_equal(text, "9007199254740992");
    free(text);
    assert_null(canonical_json(beyond));
    assert_int_equal(canonical_digest(beyond, digest), -EINVAL);
    assert_int_equal(canonical_digest(NULL, digest), -EINVAL);
    json_decref(last);
    json_decref(beyond);
}

/* As sha256sum says of "{}". */
static void a_digest_is_sha_256_of_the_text(void **state)
{
    (void)state;
    unsigned char digest[CANONICAL_DIGEST];
    char hex[CANONICAL_HEX_MAX];
    json_t *empty = json_object();
    assert_int_equal(canonical_digest(empty, digest), 0);
    canonical_hex(digest, hex);
    assert_string_equal(
        hex, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    json_decref(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_what_the_standard_shows),
        cmocka_unit_test(numbers_are_those_of_its_table),
        cmocka_unit_test(a_number_is_the_same_however_it_is_written),
        cmocka_unit_test(an_integer_is_a_double_or_refused),
        cmocka_unit_test(a_digest_is_sha_256_of_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
