/* mapping_rig.h - a mapping file in a configuration folder, and what it makes of a
 * message. */
#ifndef TESTS_MAPPING_RIG_H
#define TESTS_MAPPING_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_fixture.h"
#include "uplink/contract_documents.h"
#include "uplink/letter.h"
#include "uplink/mapping.h"

static const char mapping_gateway[] =
    "gateway: {id: gw-01}\n"
    "school: {code: \"2153012345\", division: \"530502\", title: 示例小学}\n"
    "county: {broker: \"mqtt://127.0.0.1\", mapping: x%s}\n";

/* mapping_open - @text as mappings.d/x.yaml, @more behind `mapping: x` in gateway.yaml.
 */
static inline struct county_config mapping_open(struct fixture *f, const char *text,
                                                const char *more)
{
    char gateway[1000];
    struct county_config ret;
    fixture_open(f);
    fixture_put(f, "mappings.d/x.yaml", text);
    assert_true(snprintf(gateway, sizeof(gateway), mapping_gateway, more)
                < (int)sizeof(gateway));
    fixture_put(f, "gateway.yaml", gateway);
    fixture_load(f);
    county_load(f->config, f->faults, &ret);
    return ret;
}

/* mapping_of - one that has no fault. */
static inline struct county_config mapping_of(struct fixture *f, const char *text)
{
    struct county_config ret = mapping_open(f, text, ", acknowledge: broker");
    char *faults = fixture_faults(f);
    if (config_faults_errors(f->faults) > 0)
        fail_msg("%s", faults);
    free(faults);
    assert_non_null(ret.mapping);
    return ret;
}

static inline const char *mapping_example(const char *name)
{
    for (const struct contract_document *d = contract_examples; d->name; d++)
        if (strcmp(d->name, name) == 0)
            return d->text;
    fail_msg("no example '%s'", name);
    return NULL;
}

/* mapping_check - @config makes @topic and @body of @message; both NULL: nothing. */
static inline void mapping_check(const struct county_config *config, const char *message,
                                 const char *topic, const char *body)
{
    struct letter letter;
    int r = letter_write(config, "word", message, strlen(message), true, &letter);
    assert_int_equal(r, body ? 1 : 0);
    if (body) {
        assert_string_equal(letter.topic, topic);
        assert_string_equal(letter.body, body);
        assert_int_equal(letter.size, strlen(body));
    }
    letter_done(&letter);
}

/* mapping_body_is - of the example @kind, by `kinds: {KIND: {topic: t, body: @yaml}}`. */
static inline void mapping_body_is(const char *kind, const char *yaml, const char *body)
{
    struct fixture f;
    char text[4000];
    assert_true(
        snprintf(text, sizeof(text), "kinds: {%s: {topic: t, body: %s}}\n", kind, yaml)
        < (int)sizeof(text));
    struct county_config config = mapping_of(&f, text);
    mapping_check(&config, mapping_example(kind), "t", body);
    fixture_close(&f);
}

/* mapping_fault - what --check says of @text has @expected in it. */
static inline void mapping_fault(const char *text, const char *more, const char *expected)
{
    struct fixture f;
    struct county_config config = mapping_open(&f, text, more);
    char *faults = fixture_faults(&f);
    if (!strstr(faults, expected))
        fail_msg("'%s' is not in:\n%s", expected, faults);
    free(faults);
    (void)config;
    fixture_close(&f);
}

#endif
