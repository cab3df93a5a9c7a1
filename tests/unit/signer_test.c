#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/signer.h"
#include "ingest/validator.h"

enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING, TEXT_MAX = 4096 };

struct fixture {
    char folder[64];
    char path[96];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    (void)snprintf(f->folder, sizeof(f->folder), "/tmp/signer-test-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    (void)snprintf(f->path, sizeof(f->path), "%s/key", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    (void)unlink(f->path);
    (void)rmdir(f->folder);
    free(f);
    return 0;
}

static void write_key(const struct fixture *f, const char *text, mode_t mode)
{
    FILE *file = fopen(f->path, "we");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(f->path, mode), 0);
}

static void assert_valid(const char *schema, const json_t *document)
{
    char path[256];
    struct gw_error err;
    struct validator *validator = NULL;
    (void)snprintf(path, sizeof(path), "%s/county/schemas/%s.json", GW_SOURCE_DIR,
                   schema);
    assert_int_equal(validator_new(path, &validator, &err), 0);
    if (validator_check(validator, document, &err) < 0)
        fail_msg("%s", err.text);
    validator_free(validator);
}

/* The payload of @command, whose signature is @key's.  Owner: caller; json_decref() */
static json_t *open_command(const json_t *command, const unsigned char key[32])
{
    unsigned char payload[TEXT_MAX];
    unsigned char signature[crypto_sign_BYTES];
    size_t size = 0;
    size_t used = 0;
    const char *text = json_string_value(json_object_get(command, "payload"));
    const char *mark = json_string_value(json_object_get(command, "signature"));
    assert_valid("cmd", command);
    assert_int_equal(sodium_base642bin(payload, sizeof(payload), text, strlen(text), NULL,
                                       &size, NULL, VARIANT),
                     0);
    assert_int_equal(sodium_base642bin(signature, sizeof(signature), mark, strlen(mark),
                                       NULL, &used, NULL, VARIANT),
                     0);
    assert_int_equal(used, sizeof(signature));
    assert_int_equal(crypto_sign_verify_detached(signature, payload, size, key), 0);
    json_t *json = json_loadb((const char *)payload, size, 0, NULL);
    assert_non_null(json);
    assert_valid("cmd-payload", json);
    return json;
}

static void a_key_is_made_once_and_read_again(void **state)
{
    struct fixture *f = *state;
    struct gw_error err;
    struct signer *signer = NULL;
    struct stat status;
    assert_int_equal(signer_make(f->path, &err), 0);
    assert_int_equal(stat(f->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(signer_new(f->path, &signer, &err), 0);
    assert_memory_equal(signer_name(signer), "county-", 7);
    signer_free(signer);
    assert_int_equal(signer_make(f->path, &err), -EEXIST);
    assert_non_null(strstr(err.text, "File exists"));
}

static void a_replay_is_what_the_contract_says(void **state)
{
    struct fixture *f = *state;
    struct gw_error err;
    struct signer *signer = NULL;
    unsigned char key[32];
    size_t size = 0;
    assert_int_equal(signer_make(f->path, &err), 0);
    assert_int_equal(signer_new(f->path, &signer, &err), 0);
    const char *half = signer_public(signer);
    assert_int_equal(sodium_base642bin(key, sizeof(key), half, strlen(half), NULL, &size,
                                       NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    struct range_set ranges = {0};
    assert_int_equal(range_set_read(&ranges, "{[2,4),[7,8)}"), 0);
    char *text = signer_replay(
        signer, &(struct signer_replay){.gateway = "530502/2153012345/gw-01",
                                        .seq = 41,
                                        .expires_us = INT64_C(1795479600000000),
                                        .epoch = UINT64_C(4611686018427387905),
                                        .ranges = &ranges});
    json_t *command = json_loads(text, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(command, "key")),
                        signer_name(signer));
    json_t *payload = open_command(command, key);
    json_t *expected =
        json_pack("{s:s, s:i, s:s, s:s, s:s, s:[[i, i], [i, i]]}", "gateway", "gw-01",
                  "seq", 41, "expires", "2026-11-24T00:20:00Z", "do", "replay", "epoch",
                  "4611686018427387905", "ranges", 2, 3, 7, 7);
    char *said = json_dumps(payload, JSON_SORT_KEYS);
    char *meant = json_dumps(expected, JSON_SORT_KEYS);
    assert_string_equal(said, meant);
    free(said);
    free(meant);
    json_decref(expected);
    json_decref(payload);
    json_decref(command);
    free(text);
    range_set_clear(&ranges);
    signer_free(signer);
}

/* A gateway's id comes from its topic: what is in it must not become an order. */
static void a_gateways_id_stays_a_string(void **state)
{
    struct fixture *f = *state;
    struct signer *signer = NULL;
    struct range_set ranges = {0};
    assert_int_equal(signer_make(f->path, NULL), 0);
    assert_int_equal(signer_new(f->path, &signer, NULL), 0);
    assert_int_equal(range_set_read(&ranges, "{[2,4)}"), 0);
    char *text = signer_replay(
        signer,
        &(struct signer_replay){.gateway = "530502/2153012345/gw\",\"do\":\"drill",
                                .seq = 1,
                                .epoch = 7,
                                .ranges = &ranges});
    unsigned char payload[TEXT_MAX];
    size_t size = 0;
    json_t *command = json_loads(text, 0, NULL);
    const char *packed = json_string_value(json_object_get(command, "payload"));
    assert_int_equal(sodium_base642bin(payload, sizeof(payload), packed, strlen(packed),
                                       NULL, &size, NULL, VARIANT),
                     0);
    json_t *json = json_loadb((const char *)payload, size, JSON_REJECT_DUPLICATES, NULL);
    assert_string_equal(json_string_value(json_object_get(json, "do")), "replay");
    assert_string_equal(json_string_value(json_object_get(json, "gateway")),
                        "gw\",\"do\":\"drill");
    json_decref(json);
    json_decref(command);
    free(text);
    range_set_clear(&ranges);
    signer_free(signer);
}

/* Of the key whose secret bytes are 0, 1, 2 … 31. */
static void the_example_of_the_contract_is_signed(void **state)
{
    struct fixture *f = *state;
    struct signer *signer = NULL;
    unsigned char seed[32], key[32], secret[64];
    char *said;
    (void)f;
    for (size_t i = 0; i < sizeof(seed); i++)
        seed[i] = (unsigned char)i;
    assert_true(sodium_init() >= 0);
    assert_int_equal(crypto_sign_seed_keypair(key, secret, seed), 0);
    json_t *command = json_load_file(GW_SOURCE_DIR "/county/examples/cmd.json", 0, NULL);
    json_t *order =
        json_load_file(GW_SOURCE_DIR "/county/examples/cmd-payload-replay.json", 0, NULL);
    json_t *payload = open_command(command, key);
    assert_true(json_equal(payload, order));
    write_key(f, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n", 0600);
    assert_int_equal(signer_new(f->path, &signer, NULL), 0);
    char *text = json_dumps(order, JSON_COMPACT);
    said = signer_sign(signer, text);
    json_t *ours = json_loads(said, 0, NULL);
    assert_true(json_equal(json_object_get(ours, "signature"),
                           json_object_get(command, "signature")));
    json_decref(ours);
    free(said);
    free(text);
    json_decref(payload);
    json_decref(order);
    json_decref(command);
    signer_free(signer);
}

static void a_file_that_is_no_key_is_refused(void **state)
{
    struct fixture *f = *state;
    struct gw_error err;
    struct signer *signer = NULL;
    assert_int_equal(signer_new(f->path, &signer, &err), -ENOENT);
    write_key(f, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n", 0604);
    assert_int_equal(signer_new(f->path, &signer, &err), -EACCES);
    assert_non_null(strstr(err.text, "others may read it (mode 0600)"));
    static const char *const texts[] = {
        "",
        "\n",
        "AAEC\n",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A\n",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        write_key(f, texts[i], 0600);
        assert_int_equal(signer_new(f->path, &signer, &err), -EINVAL);
        assert_non_null(strstr(err.text, "--make-command-key"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_key_is_made_once_and_read_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_replay_is_what_the_contract_says, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_gateways_id_stays_a_string, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_example_of_the_contract_is_signed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_is_no_key_is_refused, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
