#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/evidence.h"

static const char daily[] =
    "{\"epoch\": \"7\", \"seq\": 31, \"data\": {\"key\": \"daily/attendance/school/"
    "2026-11-30\", \"end\": \"2026-12-01T00:00:00+08:00\", \"revision\": 2,"
    " \"completeness\": 0.9583, \"values\": {\"present\": 829.0, \"share\": 1e-5}}}";

static struct evidence_fact read_fact(const char *body)
{
    struct evidence_fact fact;
    assert_int_equal(evidence_fact_read(body, strlen(body), &fact), 0);
    return fact;
}

static void a_fact_is_of_the_day_before_it_ends(void **state)
{
    (void)state;
    struct evidence_fact fact = read_fact(daily);
    char month[EVIDENCE_DAY_MAX];
    evidence_month_text(fact.month, month);
    assert_string_equal(fact.key, "daily/attendance/school/2026-11-30");
    assert_string_equal(month, "2026-11");
    assert_int_equal(fact.day, 30);
    assert_int_equal(fact.revision, 2);
    assert_true(fact.epoch == 7 && fact.seq == 31 && fact.completeness == 0.9583);
}

/* As PostgreSQL's jsonb gives it back. */
static void a_digest_does_not_see_how_it_was_stored(void **state)
{
    (void)state;
    static const char stored[] =
        "{\"seq\": 31, \"data\": {\"end\": \"2026-12-01T00:00:00+08:00\", \"key\":"
        " \"daily/attendance/school/2026-11-30\", \"values\": {\"share\": 0.00001,"
        " \"present\": 829}, \"revision\": 2, \"completeness\": 0.95830}, \"epoch\":"
        " \"7\"}";
    struct evidence_fact a = read_fact(daily);
    struct evidence_fact b = read_fact(stored);
    assert_memory_equal(a.digest, b.digest, sizeof(a.digest));
}

static void what_is_no_told_fact_is_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "[]",
        "{\"epoch\": \"7\", \"seq\": 1}",
        "{\"epoch\": \"7\", \"seq\": 1, \"data\": {\"key\": \"k\", \"revision\": 1}}",
        "{\"epoch\": \"0\", \"seq\": 1, \"data\": {\"key\": \"k\", \"revision\": 1,"
        " \"end\": \"2026-12-01T00:00:00+08:00\"}}",
        "{\"epoch\": \"7\", \"seq\": 0, \"data\": {\"key\": \"k\", \"revision\": 1,"
        " \"end\": \"2026-12-01T00:00:00+08:00\"}}",
        "{\"epoch\": \"7\", \"seq\": 1, \"data\": {\"key\": \"k\", \"revision\": 0,"
        " \"end\": \"2026-12-01T00:00:00+08:00\"}}",
        "{\"epoch\": \"7\", \"seq\": 1, \"data\": {\"key\": \"k\", \"revision\": 1,"
        " \"end\": \"2026-13-01T00:00:00+08:00\"}}",
    };
    struct evidence_fact fact;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        assert_int_equal(evidence_fact_read(bodies[i], strlen(bodies[i]), &fact),
                         -EINVAL);
}

static void months_are_read_as_they_are_written(void **state)
{
    (void)state;
    static const char *const wrong[] = {"2026-00",  "2026-13", "2026-1",  "26-11",
                                        "2026-111", "2026/11", "-026-11", ""};
    int32_t month = 0;
    char text[EVIDENCE_DAY_MAX];
    assert_int_equal(evidence_month_read("2026-12", &month), 0);
    evidence_month_text(month + 1, text);
    assert_string_equal(text, "2027-01");
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(evidence_month_read(wrong[i], &month), -EINVAL);
    assert_int_equal(evidence_month_read(NULL, &month), -EINVAL);
}

static struct evidence_fact fact_of(const char *key, uint32_t revision, int32_t day,
                                    uint64_t epoch, uint64_t seq)
{
    struct evidence_fact fact = {.revision = revision,
                                 .month = 2026 * 12 + 10,
                                 .day = day,
                                 .epoch = epoch,
                                 .seq = seq,
                                 .completeness = revision == 1 ? 0.5 : 0.75};
    (void)snprintf(fact.key, sizeof(fact.key), "%s", key);
    memset(fact.digest, (int)seq, sizeof(fact.digest));
    return fact;
}

static json_t *folded(struct evidence_fact *facts, size_t count)
{
    json_t *data = json_object();
    assert_int_equal(evidence_fold(facts, count, data), 0);
    return data;
}

static void days_stand_in_order_with_their_marks(void **state)
{
    (void)state;
    struct evidence_fact facts[] = {
        fact_of("b", 2, 30, 7, 4),
        fact_of("a", 1, 30, 7, 3),
        fact_of("b", 1, 30, 7, 2),
        fact_of("z", 1, 2, 5, 9),
    };
    json_t *data = folded(facts, 4);
    const json_t *days = json_object_get(data, "days");
    const json_t *last = json_array_get(days, 1);
    assert_int_equal(json_array_size(days), 2);
    assert_string_equal(json_string_value(json_object_get(last, "day")), "2026-11-30");
    assert_string_equal(json_string_value(json_object_get(last, "marks")),
                        "030303030202020204040404");
    assert_int_equal(json_integer_value(json_object_get(last, "count")), 3);
    const json_t *upto = json_object_get(data, "upto");
    assert_int_equal(json_integer_value(json_object_get(upto, "7")), 4);
    assert_int_equal(json_integer_value(json_object_get(upto, "5")), 9);
    /* a: 0.5, b: 0.75 of its newest, z: 0.5 */
    assert_true(json_real_value(json_object_get(data, "completeness")) == 0.5833);
    json_decref(data);
}

static void the_order_of_coming_does_not_show(void **state)
{
    (void)state;
    struct evidence_fact facts[] = {fact_of("a", 1, 3, 7, 1), fact_of("b", 1, 3, 7, 2),
                                    fact_of("a", 2, 3, 7, 3)};
    struct evidence_fact other[] = {facts[2], facts[1], facts[0]};
    json_t *a = folded(facts, 3);
    json_t *b = folded(other, 3);
    assert_true(json_equal(a, b));
    json_decref(a);
    json_decref(b);
}

static void any_change_of_a_fact_changes_the_total(void **state)
{
    (void)state;
    struct evidence_fact before[] = {fact_of("a", 1, 3, 7, 1), fact_of("b", 1, 4, 7, 2)};
    struct evidence_fact changes[] = {fact_of("c", 1, 4, 7, 2), fact_of("b", 2, 4, 7, 2),
                                      fact_of("b", 1, 5, 7, 2), fact_of("b", 1, 4, 7, 3)};
    json_t *plain = folded(before, 2);
    for (size_t i = 0; i < 4; i++) {
        struct evidence_fact after[] = {before[0], changes[i]};
        json_t *changed = folded(after, 2);
        assert_false(json_equal(json_object_get(plain, "facts"),
                                json_object_get(changed, "facts")));
        json_decref(changed);
    }
    json_decref(plain);
}

static json_t *signed_object(void)
{
    unsigned char seed[crypto_sign_SEEDBYTES] = {7};
    unsigned char secret[EVIDENCE_SECRET];
    unsigned char public_key[EVIDENCE_PUBLIC];
    json_t *data = json_pack("{s:s, s:f}", "month", "2026-11", "completeness", 0.5);
    (void)crypto_sign_seed_keypair(public_key, secret, seed);
    assert_int_equal(evidence_sign(data, secret), 0);
    return data;
}

static void a_signature_is_of_all_the_rest(void **state)
{
    (void)state;
    unsigned char key[EVIDENCE_PUBLIC];
    json_t *data = signed_object();
    assert_int_equal(evidence_check(data, key), 0);
    (void)json_object_set_new(data, "completeness", json_real(0.51));
    assert_int_equal(evidence_check(data, key), -EBADMSG);
    (void)json_object_set_new(data, "completeness", json_real(0.5));
    (void)json_object_set_new(data, "more", json_null());
    assert_int_equal(evidence_check(data, key), -EBADMSG);
    (void)json_object_del(data, "more");
    assert_int_equal(evidence_check(data, key), 0);
    json_decref(data);
}

static void what_is_no_signature_is_told_apart(void **state)
{
    (void)state;
    unsigned char key[EVIDENCE_PUBLIC];
    static const char *const wrong[] = {"", "!", "AAAA"};
    for (size_t i = 0; i < 3; i++) {
        json_t *data = signed_object();
        (void)json_object_set_new(data, "signature", json_string(wrong[i]));
        assert_int_equal(evidence_check(data, key), -EINVAL);
        (void)json_object_set_new(data, "public_key", json_string(wrong[i]));
        assert_int_equal(evidence_check(data, key), -EINVAL);
        json_decref(data);
    }
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fact_is_of_the_day_before_it_ends),
        cmocka_unit_test(a_digest_does_not_see_how_it_was_stored),
        cmocka_unit_test(what_is_no_told_fact_is_refused),
        cmocka_unit_test(months_are_read_as_they_are_written),
        cmocka_unit_test(days_stand_in_order_with_their_marks),
        cmocka_unit_test(the_order_of_coming_does_not_show),
        cmocka_unit_test(any_change_of_a_fact_changes_the_total),
        cmocka_unit_test(a_signature_is_of_all_the_rest),
        cmocka_unit_test(what_is_no_signature_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
