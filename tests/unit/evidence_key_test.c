#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "uplink/evidence_key.h"

struct folder {
    char name[64];
    char key[96];
    char broken[96];
};

static int set_up(void **state)
{
    struct folder *f = calloc(1, sizeof(*f));
    (void)snprintf(f->name, sizeof(f->name), "/tmp/evidence-key-XXXXXX");
    assert_non_null(mkdtemp(f->name));
    (void)snprintf(f->key, sizeof(f->key), "%s/evidence.key", f->name);
    (void)snprintf(f->broken, sizeof(f->broken), "%s/evidence.key.broken", f->name);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct folder *f = *state;
    (void)unlink(f->key);
    (void)unlink(f->broken);
    assert_int_equal(rmdir(f->name), 0);
    free(f);
    return 0;
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 0777;
}

static void a_key_is_made_once_and_for_its_owner_alone(void **state)
{
    struct folder *f = *state;
    struct evidence_key made;
    struct evidence_key again;
    assert_int_equal(evidence_key_open(f->name, &made, NULL), EVIDENCE_KEY_MADE);
    assert_int_equal(mode_of(f->key), 0600);
    assert_int_equal(chmod(f->key, 0644), 0);
    assert_int_equal(evidence_key_open(f->name, &again, NULL), EVIDENCE_KEY_KEPT);
    assert_memory_equal(&made, &again, sizeof(made));
    assert_int_equal(mode_of(f->key), 0600);
}

static void a_key_signs_what_its_public_half_proves(void **state)
{
    struct folder *f = *state;
    struct evidence_key key;
    unsigned char named[EVIDENCE_PUBLIC];
    assert_int_equal(evidence_key_open(f->name, &key, NULL), EVIDENCE_KEY_MADE);
    json_t *data = json_object();
    assert_int_equal(evidence_sign(data, key.secret), 0);
    assert_int_equal(evidence_check(data, named), 0);
    assert_memory_equal(named, key.public_key, sizeof(named));
    json_decref(data);
}

static void a_broken_file_is_kept_and_replaced(void **state)
{
    static const char *const broken[] = {
        "",
        "\n",
        "rust\n",
        "AAAA\n",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n ",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!\n"};
    struct folder *f = *state;
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct evidence_key key;
        struct gw_error err = {0};
        put(f->key, broken[i]);
        assert_int_equal(evidence_key_open(f->name, &key, &err), EVIDENCE_KEY_REPLACED);
        assert_non_null(strstr(err.text, "holds no key"));
        assert_int_equal(access(f->broken, F_OK), 0);
        assert_int_equal(evidence_key_open(f->name, &key, NULL), EVIDENCE_KEY_KEPT);
    }
}

static void a_fifo_holds_nothing_up(void **state)
{
    struct folder *f = *state;
    struct evidence_key key;
    struct gw_error err = {0};
    struct stat st;
    char draft[128];
    (void)snprintf(draft, sizeof(draft), "%s.new", f->key);
    assert_int_equal(mkfifo(f->key, 0600), 0);
    assert_int_equal(mkfifo(draft, 0600), 0);
    assert_int_equal(evidence_key_open(f->name, &key, &err), EVIDENCE_KEY_REPLACED);
    assert_non_null(strstr(err.text, "no regular file"));
    assert_int_equal(stat(f->broken, &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    assert_int_equal(evidence_key_open(f->name, &key, NULL), EVIDENCE_KEY_KEPT);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct evidence_key key;
    struct gw_error err = {0};
    assert_int_equal(evidence_key_open("/tmp/nobody/is/here", &key, &err), -ENOENT);
    assert_non_null(strstr(err.text, "/tmp/nobody/is/here/evidence.key"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_key_is_made_once_and_for_its_owner_alone,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_signs_what_its_public_half_proves, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_broken_file_is_kept_and_replaced, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_fifo_holds_nothing_up, set_up, tear_down),
        cmocka_unit_test(a_folder_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
