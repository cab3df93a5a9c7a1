/* message.h - one message from a gateway: topic, envelope, schema.  Thread: any. */
#ifndef INGEST_MESSAGE_H
#define INGEST_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"
#include "ingest/archive.h"
#include "ingest/schema_set.h"

enum {
    MESSAGE_SIZE_MAX = 1024 * 1024, /* a birth with 5,000 points is 200 KB */
    MESSAGE_GATEWAY_MAX = 160       /* "<division>/<school>/<gateway>" */
};

/* message - what could be read of it.
 * gateway     empty when the topic is none of the contract's
 * is_numbered epoch and seq are its own: they may be acknowledged, valid or not */
struct message {
    char gateway[MESSAGE_GATEWAY_MAX];
    char topic[16]; /* "alarm", … */
    bool is_numbered;
    uint64_t epoch;
    uint64_t seq;
    const char *type; /* lives in body */
    const char *time; /* or NULL */
    int64_t time_us;  /* the same, or ARCHIVE_NO_TIME */
    uint64_t digest;
    json_t *body;
};

/* message_gateway - the gateway that @topic belongs to; "" when it is none's. */
void message_gateway(const char *topic, char ret[MESSAGE_GATEWAY_MAX]);

/* message_read - fills @ret with what can be read, also when it is not valid.
 * returns 0, or -EINVAL with the fault
 * Owner:  caller; message_clear() in either case */
int message_read(const char *topic, const void *payload, size_t size,
                 const struct schema_set *schemas, struct message *ret,
                 struct gw_error *err);
void message_clear(struct message *m);

/* message_key - only whose it is and its number, valid or not.  false: it has none */
bool message_key(const char *topic, const void *payload, size_t size,
                 char ret_gateway[MESSAGE_GATEWAY_MAX], uint64_t *ret_epoch,
                 uint64_t *ret_seq);

#endif
