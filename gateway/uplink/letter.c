#include "uplink/letter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "uplink/contract_documents.h"
#include "uplink/mapping.h"

enum { KIND_MAX = 32 };

/* kind_of - "environment" of "campus.environment.v1". */
static bool kind_of(const json_t *body, char ret[KIND_MAX])
{
    static const char prefix[] = "campus.";
    static const char suffix[] = ".v1";
    const char *type = json_string_value(json_object_get(body, "type"));
    if (!type || strncmp(type, prefix, sizeof(prefix) - 1) != 0)
        return false;
    type += sizeof(prefix) - 1;
    size_t size = strcspn(type, ".");
    if (size >= KIND_MAX || strcmp(type + size, suffix) != 0)
        return false;
    memcpy(ret, type, size);
    ret[size] = '\0';
    return true;
}

static int map(const struct mapping *mapping, const char *body, size_t size,
               struct letter *ret)
{
    char kind[KIND_MAX];
    struct mapped mapped;
    json_t *read = json_loadb(body, size, 0, NULL);
    int r = kind_of(read, kind) ? 0 : -EBADMSG;
    if (r == 0)
        r = mapping_render(mapping, kind, read, &mapped);
    if (r == 0 && mapping_keeps_others(mapping) && !mapping_knows(mapping, kind))
        r = -ENOENT;
    json_decref(read);
    if (r != 1)
        return r;
    (void)snprintf(ret->topic, sizeof(ret->topic), "%s", mapped.topic);
    ret->body = ret->made = mapped.body;
    ret->size = strlen(mapped.body);
    ret->is_retained = mapped.is_retained;
    return 1;
}

int letter_write(const struct county_config *config, const char *topic, const char *body,
                 size_t size, bool is_retained, struct letter *ret)
{
    *ret = (struct letter){.body = body, .size = size, .is_retained = is_retained};
    int r = config->mapping ? map(config->mapping, body, size, ret) : -ENOENT;
    if (r != -ENOENT)
        return r;
    contract_topic(config, topic, ret->topic);
    return 1;
}

void letter_done(struct letter *letter)
{
    free(letter->made);
    *letter = (struct letter){0};
}

void letter_print(const struct county_config *config, FILE *out)
{
    for (const struct contract_document *d = contract_examples; d->name; d++) {
        struct letter letter;
        int r = letter_write(config, d->name, d->text, strlen(d->text), false, &letter);
        json_t *body =
            letter.made ? json_loads(letter.made, JSON_DECODE_ANY, NULL) : NULL;
        json_t *line =
            json_pack("{s:s, s:b, s:s*, s:o*}", "example", d->name, "sent", r == 1,
                      "topic", letter.made ? letter.topic : NULL, "body", body);
        if (line)
            (void)json_dumpf(line, out, JSON_COMPACT | JSON_REAL_PRECISION(12));
        (void)fputc('\n', out);
        json_decref(line);
        letter_done(&letter);
    }
}
