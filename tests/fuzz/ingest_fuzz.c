/* ingest_fuzz.c - what the county's receiver takes: topic, envelope, schema.
 *
 *     topic \n payload
 */
#include "fuzz.h"
#include "ingest/message.h"

static struct schema_set *schemas;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    struct gw_error err = {0};
    fuzz_hush();
    if (schema_set_new(GW_SOURCE_DIR "/county/schemas", &schemas, &err) < 0)
        fuzz_claim(false, err.text);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input in = {(const char *)bytes, size};
    char *topic = fuzz_line(&in);
    char *payload = fuzz_copy(in.at, in.left);
    struct message m;
    struct gw_error err = {0};
    int r = message_read(topic, payload, in.left, schemas, &m, &err);
    fuzz_claim(r == 0 || err.text[0] != '\0', "a refusal says why");
    fuzz_claim(r < 0 || (m.type && m.body && m.gateway[0]), "what is taken is whole");
    if (m.is_numbered)
        fuzz_claim(m.epoch >= 1 && m.epoch <= INT64_MAX && m.seq >= 1,
                   "a key is one that can be acknowledged");
    message_clear(&m);
    free(topic);
    free(payload);
    return 0;
}
