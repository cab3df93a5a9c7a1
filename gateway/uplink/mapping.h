/* mapping.h - a platform with a thing model of its own: which topic and body a message of
 * the contract becomes there, and what the platform's answer says.
 *
 * Read from mappings.d/NAME.yaml or mappings/NAME.yaml, checked against the contract's
 * schemas and compiled once.  A template takes fields that a schema names, and nothing
 * else, so what is not in the contract cannot leave.  The outbox keeps the contract's
 * bodies: the mapping comes at the sending.  Thread: immutable once it is loaded.
 */
#ifndef UPLINK_MAPPING_H
#define UPLINK_MAPPING_H

#include <stdio.h>

#include "config/config.h"
#include "uplink/county.h"

enum { MAPPING_TOPIC_MAX = 256 };

/* mapping_load - compiles the mapping of @config; faults are added.  @county: what is
 * fixed in it.  returns NULL when there is none, or none that can be used.
 * Owner: the arena of @src, as the tree */
const struct mapping *mapping_load(struct config_source *src, const struct config *config,
                                   const struct county_config *county);
void mapping_print_options(FILE *out);

/* mapping_client_id - as the platform wants it, or NULL: as the contract does.
 * mapping_keeps_others - kinds that it does not name go as the contract says. */
const char *mapping_client_id(const struct mapping *m);
bool mapping_keeps_others(const struct mapping *m);

/* mapped - a message of the platform.  body: Owner: caller; free() */
struct mapped {
    char topic[MAPPING_TOPIC_MAX];
    char *body;
    bool is_retained;
};

/* mapping_render - what the contract's body of @kind (the word of its type, such as
 * "environment") becomes.
 * returns  1 and *ret, 0: not for this platform, -EBADMSG: no body of the contract,
 *          -E2BIG: it would be too large, or -ENOMEM */
int mapping_render(const struct mapping *m, const char *kind, const json_t *body,
                   struct mapped *ret);

/* mapping_knows - some template is of @kind. */
bool mapping_knows(const struct mapping *m, const char *kind);

/* mapping_number - of a row, for platforms whose ids are numbers of 32 bits: rows of an
 * epoch follow each other, epochs begin anywhere. */
uint32_t mapping_number(uint64_t epoch, uint64_t seq);

/* mapping_answer_topic - a filter, or NULL: the platform does not answer. */
const char *mapping_answer_topic(const struct mapping *m);

enum mapping_verdict {
    MAPPING_TAKEN,    /* the platform has it */
    MAPPING_REFUSED,  /* it never will */
    MAPPING_NOT_TAKEN /* not now: sent again */
};

/* mapping_answer - epoch 0: only the number is known. */
struct mapping_answer {
    enum mapping_verdict verdict;
    uint32_t number;
    uint64_t epoch;
    uint64_t seq;
};

/* mapping_answer_read - returns 0 and *ret, or -EINVAL: no answer to one of our rows */
int mapping_answer_read(const struct mapping *m, const void *payload, size_t size,
                        struct mapping_answer *ret);
bool mapping_answer_is_of(const struct mapping_answer *answer, uint64_t epoch,
                          uint64_t seq);

#endif
