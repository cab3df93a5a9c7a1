#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certificate_fixture.h"
#include "uplink/credentials.h"

static const long day_s = 86400;

struct rig {
    char folder[32];
    char paths[CREDENTIALS][64];
    const char *files[CREDENTIALS];
    EVP_PKEY *key;
    struct credentials *read;
    enum credential bad;
    struct gw_error err;
};

static int set_up(void **state)
{
    static struct rig rig;
    rig = (struct rig){.folder = "/tmp/credentials-XXXXXX"};
    if (!mkdtemp(rig.folder))
        return -1;
    for (int i = 0; i < CREDENTIALS; i++) {
        (void)snprintf(rig.paths[i], sizeof(rig.paths[i]), "%s/%s.pem", rig.folder,
                       credential_name((enum credential)i));
        rig.files[i] = rig.paths[i];
    }
    rig.key = EVP_EC_gen("P-256");
    X509 *ca = certificate_new(rig.key, 100 * day_s);
    X509 *own = certificate_new(rig.key, 50 * day_s);
    certificate_write(rig.paths[CREDENTIAL_CA], ca, "we");
    certificate_write(rig.paths[CREDENTIAL_CERTIFICATE], own, "we");
    key_write(rig.paths[CREDENTIAL_KEY], rig.key, NULL);
    X509_free(ca);
    X509_free(own);
    *state = &rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    EVP_PKEY_free(rig->key);
    rig->read = credentials_free(rig->read);
    for (int i = 0; i < CREDENTIALS; i++)
        (void)unlink(rig->paths[i]);
    return rmdir(rig->folder);
}

static int take_in(struct rig *rig)
{
    rig->read = credentials_free(rig->read);
    return credentials_read(rig->files, &rig->read, &rig->bad, &rig->err);
}

static void check_refusal(struct rig *rig, enum credential bad, const char *why)
{
    assert_true(take_in(rig) < 0);
    assert_int_equal(rig->bad, bad);
    if (!strstr(rig->err.text, why) || !strstr(rig->err.text, rig->paths[bad]))
        fail_msg("\"%s\" instead of \"%s\"", rig->err.text, why);
}

static int64_t days_left(const struct rig *rig, enum credential *ret_which)
{
    int64_t left_us =
        credentials_end_us(rig->read, ret_which) - (int64_t)time(NULL) * 1000000;
    return (left_us + INT64_C(43200) * 1000000) / (day_s * INT64_C(1000000));
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void set_that_fits_is_kept_as_it_was_read(void **state)
{
    struct rig *rig = *state;
    char before[8192] = "";
    char after[8192] = "";
    assert_int_equal(take_in(rig), 0);
    FILE *file = fopen(rig->paths[CREDENTIAL_KEY], "re");
    assert_true(fread(before, 1, sizeof(before) - 1, file) > 0);
    assert_int_equal(fclose(file), 0);
    put(rig->paths[CREDENTIAL_KEY], "something else");
    file = fopen(credentials_path(rig->read, CREDENTIAL_KEY), "re");
    assert_non_null(file);
    assert_true(fread(after, 1, sizeof(after) - 1, file) > 0);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(after, before);
}

static void first_to_end_is_named(void **state)
{
    struct rig *rig = *state;
    enum credential which;
    assert_int_equal(take_in(rig), 0);
    assert_int_equal(days_left(rig, &which), 50);
    assert_int_equal(which, CREDENTIAL_CERTIFICATE);
    X509 *ca = certificate_new(rig->key, 20 * day_s);
    certificate_write(rig->paths[CREDENTIAL_CA], ca, "we");
    X509_free(ca);
    assert_int_equal(take_in(rig), 0);
    assert_int_equal(days_left(rig, &which), 20);
    assert_int_equal(which, CREDENTIAL_CA);
}

static void of_several_cas_the_last_one_counts(void **state)
{
    struct rig *rig = *state;
    enum credential which;
    X509 *old = certificate_new(rig->key, -day_s);
    X509 *next = certificate_new(rig->key, 40 * day_s);
    certificate_write(rig->paths[CREDENTIAL_CA], old, "we");
    certificate_write(rig->paths[CREDENTIAL_CA], next, "ae");
    X509_free(old);
    X509_free(next);
    assert_int_equal(take_in(rig), 0);
    assert_int_equal(days_left(rig, &which), 40);
    assert_int_equal(which, CREDENTIAL_CA);
}

static void of_a_chain_the_first_certificate_counts(void **state)
{
    struct rig *rig = *state;
    X509 *between = certificate_new(rig->key, 900 * day_s);
    certificate_write(rig->paths[CREDENTIAL_CERTIFICATE], between, "ae");
    X509_free(between);
    assert_int_equal(take_in(rig), 0);
    assert_int_equal(days_left(rig, NULL), 50);
}

static void ca_alone_is_enough(void **state)
{
    struct rig *rig = *state;
    rig->files[CREDENTIAL_CERTIFICATE] = NULL;
    rig->files[CREDENTIAL_KEY] = NULL;
    assert_int_equal(take_in(rig), 0);
    assert_null(credentials_path(rig->read, CREDENTIAL_KEY));
    assert_int_equal(days_left(rig, NULL), 100);
}

static void certificate_of_another_key_is_refused(void **state)
{
    struct rig *rig = *state;
    EVP_PKEY *other = EVP_EC_gen("P-256");
    key_write(rig->paths[CREDENTIAL_KEY], other, NULL);
    EVP_PKEY_free(other);
    check_refusal(rig, CREDENTIAL_CERTIFICATE, "is not for the key in '");
    assert_non_null(strstr(rig->err.text, rig->paths[CREDENTIAL_KEY]));
}

static void key_with_a_password_is_refused(void **state)
{
    struct rig *rig = *state;
    key_write(rig->paths[CREDENTIAL_KEY], rig->key, "secret");
    check_refusal(rig, CREDENTIAL_KEY, "has a password");
}

static void what_is_no_pem_is_refused_by_name(void **state)
{
    struct rig *rig = *state;
    for (int i = CREDENTIALS - 1; i >= 0; i--) {
        put(rig->paths[i], "");
        check_refusal(rig, (enum credential)i, "has no line with '");
        (void)unlink(rig->paths[i]);
        check_refusal(rig, (enum credential)i, "No such file");
    }
}

/* Whatever of a file is there: refused, or all of it was there but for the last bytes. */
static void file_that_is_cut_short_is_refused(void **state)
{
    struct rig *rig = *state;
    char whole[8192] = "";
    FILE *file = fopen(rig->paths[CREDENTIAL_CERTIFICATE], "re");
    size_t size = fread(whole, 1, sizeof(whole) - 1, file);
    assert_int_equal(fclose(file), 0);
    for (size_t cut = 0; cut + 1 < size; cut++) {
        char part[8192];
        (void)snprintf(part, cut + 1, "%s", whole);
        put(rig->paths[CREDENTIAL_CERTIFICATE], part);
        check_refusal(rig, CREDENTIAL_CERTIFICATE, "(allowed: a");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(set_that_fits_is_kept_as_it_was_read, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(first_to_end_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_several_cas_the_last_one_counts, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(of_a_chain_the_first_certificate_counts, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(ca_alone_is_enough, set_up, tear_down),
        cmocka_unit_test_setup_teardown(certificate_of_another_key_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(key_with_a_password_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_pem_is_refused_by_name, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(file_that_is_cut_short_is_refused, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
