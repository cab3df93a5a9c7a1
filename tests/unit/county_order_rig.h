/* county_order_rig.h - the county's side of an order: signs a payload. */
#ifndef TESTS_COUNTY_ORDER_RIG_H
#define TESTS_COUNTY_ORDER_RIG_H

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uplink/county_order.h"

enum { SIGNED_MAX = 2 * COUNTY_ORDER_SIZE_MAX };

/* signer - a pair of keys, drawn from @number. */
struct signer {
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    struct county_key key;
};

static inline struct signer signer_of(const char *name, unsigned char number)
{
    struct signer s = {.key = {.name = name}};
    unsigned char seed[crypto_sign_SEEDBYTES] = {number};
    (void)crypto_sign_seed_keypair(s.key.bytes, s.secret, seed);
    return s;
}

/* signer_message - the message of @payload.  Owner: caller; free() */
static inline char *signer_message(const struct signer *s, const char *payload)
{
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    unsigned char signature[crypto_sign_BYTES];
    char sealed[128];
    size_t size = strlen(payload);
    size_t room = sodium_base64_encoded_len(size, variant);
    char *text = malloc(room);
    char *message = NULL;
    (void)crypto_sign_detached(signature, NULL, (const unsigned char *)payload, size,
                               s->secret);
    (void)sodium_bin2base64(text, room, (const unsigned char *)payload, size, variant);
    (void)sodium_bin2base64(sealed, sizeof(sealed), signature, sizeof(signature),
                            variant);
    if (asprintf(&message, "{\"payload\":\"%s\",\"key\":\"%s\",\"signature\":\"%s\"}",
                 text, s->key.name, sealed)
        < 0)
        abort();
    free(text);
    return message;
}

#endif
