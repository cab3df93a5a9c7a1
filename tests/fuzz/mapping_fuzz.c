/* mapping_fuzz.c - a mapping file, what it makes of the contract's examples, and then
 * answers of a platform, one a line behind the line "#@ answers". */
#include <errno.h>
#include <jansson.h>

#include "base/arena.h"
#include "config/yaml.h"
#include "fuzz.h"
#include "uplink/contract_documents.h"
#include "uplink/letter.h"
#include "uplink/mapping.h"

static const char mark[] = "#@ answers\n";
static const char secret[] = "nobody may leave";

/* The names in these are free. */
static bool is_free(const char *text, size_t at)
{
    static const char *const names[] = {"\"values\": ", "\"points\": ", "\"upto\": "};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t size = strlen(names[i]);
        if (at >= size && strncmp(text + at - size, names[i], size) == 0)
            return true;
    }
    return false;
}

/* With a field that the contract does not have, in each object whose names it knows. */
static char *with_planted(const char *text)
{
    size_t size = strlen(text);
    char *ret = malloc(size * (sizeof(secret) + 16));
    char *at = ret;
    fuzz_claim(ret, "there is memory");
    for (size_t i = 0; i < size; i++) {
        *at++ = text[i];
        size_t next = i + 1 + strspn(text + i + 1, " \n");
        if (text[i] == '{' && text[next] != '}' && !is_free(text, i))
            at += sprintf(at, "\"pupil\":\"%s\",", secret);
    }
    *at = '\0';
    return ret;
}

static void send(const struct county_config *config, const char *text)
{
    struct letter letter;
    int r = letter_write(config, "word", text, strlen(text), false, &letter);
    fuzz_claim(r == 1 || r == 0 || r == -E2BIG || r == -EBADMSG,
               "it is sent, left out, or said");
    if (r != 1)
        return;
    fuzz_claim(letter.made, "only what was made leaves");
    fuzz_claim(letter.topic[0] && !strpbrk(letter.topic, "+#"), "a topic is one");
    json_t *body = json_loads(letter.made, JSON_DECODE_ANY, NULL);
    fuzz_claim(body, "a body is JSON");
    fuzz_claim(!strstr(letter.made, secret), "only the contract leaves");
    json_decref(body);
    letter_done(&letter);
}

static void hear(const struct mapping *mapping, struct fuzz_input *in)
{
    while (in->left > 0) {
        char *line = fuzz_line(in);
        struct mapping_answer answer = {0};
        if (mapping_answer_read(mapping, line, strlen(line), &answer) == 0) {
            fuzz_claim(answer.verdict <= MAPPING_NOT_TAKEN, "an answer has a verdict");
            fuzz_claim(!answer.epoch
                           || mapping_answer_is_of(&answer, answer.epoch, answer.seq),
                       "an answer is of its own row");
            fuzz_claim(
                !answer.epoch
                    || !mapping_answer_is_of(&answer, answer.epoch, answer.seq + 1),
                "an answer is of no other row");
        }
        free(line);
    }
}

static void use(const struct mapping *mapping, struct county_config *config,
                struct fuzz_input *in)
{
    config->mapping = mapping;
    for (const struct contract_document *d = contract_examples; d->name; d++) {
        char *text = with_planted(d->text);
        if (!mapping_keeps_others(mapping))
            send(config, text);
        free(text);
    }
    if (mapping_answer_topic(mapping))
        hear(mapping, in);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    if (size && memmem(text, size, secret, sizeof(secret) - 1))
        return 0; /* a constant may say it */
    const char *found = size ? memmem(text, size, mark, sizeof(mark) - 1) : NULL;
    size_t file = found ? (size_t)(found - text) : size;
    struct fuzz_input in = {found ? found + sizeof(mark) - 1 : "",
                            found ? size - file - sizeof(mark) + 1 : 0};
    struct config_source src = {0};
    struct config tree = {0};
    struct county_config county = {
        .school = "2153012345", .division = "530502", .gateway = "gw-01"};
    fuzz_claim(arena_new(&src.arena) == 0, "there is memory");
    fuzz_claim(config_faults_new(&src.faults) == 0, "there is memory");
    char *copy = fuzz_copy(text, file);
    tree.mapping = yaml_parse(&src, "x.yaml", copy, file);
    size_t before = config_faults_errors(src.faults); /* a key that is there twice */
    const struct mapping *mapping = mapping_load(&src, &tree, &county);
    fuzz_claim(!mapping || config_faults_errors(src.faults) == before,
               "what loads is sound");
    if (mapping)
        use(mapping, &county, &in);
    free(copy);
    src.faults = config_faults_free(src.faults);
    src.arena = arena_free(src.arena);
    return 0;
}
