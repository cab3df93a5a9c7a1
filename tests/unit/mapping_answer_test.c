/* mapping_answer_test.c - what a platform's answer ends. */
#include "mapping_rig.h"

#include <errno.h>

static const uint64_t epoch = 4611686018427387905;

static const char by_number[] =
    "answer: {topic: r, id: head.id, done: {code: 200}, refused: {code: [460, \"x\"]}}\n"
    "kinds: {alarm: {topic: t, body: [\"{number}\"]}}\n";
static const char by_id[] = "answer: {topic: r, id: id, is: id}\n"
                            "kinds: {alarm: {topic: t, body: [\"{id}\"]}}\n";

static int answer(const struct county_config *config, const char *text,
                  struct mapping_answer *ret)
{
    return mapping_answer_read(config->mapping, text, strlen(text), ret);
}

static struct county_config open_answer(struct fixture *f, const char *text)
{
    struct county_config config = mapping_open(f, text, "");
    assert_int_equal(config_faults_errors(f->faults), 0);
    return config;
}

static void a_number_leads_back_to_its_row(void **state)
{
    struct fixture f;
    struct mapping_answer got;
    char text[100];
    (void)state;
    struct county_config config = open_answer(&f, by_number);
    unsigned number = mapping_number(epoch, 18);
    (void)snprintf(text, sizeof(text), "{\"head\":{\"id\":\"%u\"},\"code\":200}", number);
    assert_int_equal(answer(&config, text, &got), 0);
    assert_int_equal(got.verdict, MAPPING_TAKEN);
    assert_true(mapping_answer_is_of(&got, epoch, 18));
    assert_false(mapping_answer_is_of(&got, epoch, 19));
    assert_false(mapping_answer_is_of(&got, epoch + 1, 18));
    (void)snprintf(text, sizeof(text), "{\"head\":{\"id\":%u},\"code\":460}", number);
    assert_int_equal(answer(&config, text, &got), 0);
    assert_int_equal(got.verdict, MAPPING_REFUSED);
    (void)snprintf(text, sizeof(text), "{\"head\":{\"id\":%u},\"code\":429}", number);
    assert_int_equal(answer(&config, text, &got), 0);
    assert_int_equal(got.verdict, MAPPING_NOT_TAKEN);
    fixture_close(&f);
}

static void an_id_leads_back_to_its_row(void **state)
{
    struct fixture f;
    struct mapping_answer got;
    (void)state;
    struct county_config config = open_answer(&f, by_id);
    assert_int_equal(answer(&config, "{\"id\": \"gw-01/4611686018427387905/18\"}", &got),
                     0);
    assert_int_equal(got.verdict, MAPPING_TAKEN);
    assert_true(mapping_answer_is_of(&got, epoch, 18));
    assert_false(mapping_answer_is_of(&got, epoch, 19));
    static const char *const garbage[] = {
        "{\"id\": \"gw-02/4611686018427387905/18\"}",
        "{\"id\": \"gw-01/4611686018427387905\"}",
        "{\"id\": \"gw-01/4611686018427387905/18x\"}",
        "{\"id\": \"gw-01/0/18\"}",
        "{\"id\": \"gw-01//18\"}",
        "{\"id\": \"gw-01\"}",
        "{\"id\": 18}",
    };
    for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++)
        assert_int_equal(answer(&config, garbage[i], &got), -EINVAL);
    fixture_close(&f);
}

static void garbage_is_no_answer(void **state)
{
    struct fixture f;
    struct mapping_answer got;
    (void)state;
    struct county_config config = open_answer(&f, by_number);
    static const char *const garbage[] = {
        "",
        "{",
        "[]",
        "200",
        "{\"code\":200}",
        "{\"head\":1,\"code\":200}",
        "{\"head\":{\"id\":null},\"code\":200}",
        "{\"head\":{\"id\":true},\"code\":200}",
        "{\"head\":{\"id\":\"\"},\"code\":200}",
        "{\"head\":{\"id\":\"-1\"},\"code\":200}",
        "{\"head\":{\"id\":\"4294967296\"},\"code\":200}",
        "{\"head\":{\"id\":1.5},\"code\":200}",
        "{\"head\":{\"id\":{}},\"code\":200}",
        "{\"head\":{\"id\":\"1\"},\"code\":200,\"code\":200}",
    };
    for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++)
        assert_int_equal(answer(&config, garbage[i], &got), -EINVAL);
    char *large = calloc(1, 70000);
    memset(large, ' ', 69999);
    assert_int_equal(answer(&config, large, &got), -EINVAL);
    free(large);
    fixture_close(&f);
}

static void numbers_of_an_epoch_follow_each_other(void **state)
{
    (void)state;
    assert_int_equal((uint32_t)(mapping_number(epoch, 19) - mapping_number(epoch, 18)),
                     1);
    assert_int_equal(mapping_number(epoch, 18),
                     mapping_number(epoch, 18 + (UINT64_C(1) << 32)));
    assert_int_not_equal(mapping_number(epoch, 18), mapping_number(epoch + 1, 18));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_leads_back_to_its_row),
        cmocka_unit_test(an_id_leads_back_to_its_row),
        cmocka_unit_test(garbage_is_no_answer),
        cmocka_unit_test(numbers_of_an_epoch_follow_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
