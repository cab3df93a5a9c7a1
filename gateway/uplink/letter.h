/* letter.h - a message of the contract as it leaves: as it is, or as the county's mapping
 * makes it.  Thread: any. */
#ifndef UPLINK_LETTER_H
#define UPLINK_LETTER_H

#include "uplink/contract.h"

/* letter - body: borrowed from what it was made of, or from made.  Owner: caller;
 * letter_done() */
struct letter {
    char topic[CONTRACT_TOPIC_MAX];
    const char *body;
    size_t size;
    bool is_retained;
    char *made;
};

/* letter_write - @topic: the contract's word for it ("alarm", "summary", "state", …);
 * @body of @size bytes; @is_retained: in the contract.
 * returns  1 and *ret, 0: not for this platform, or -errno: it cannot be written
 *          (-ENOMEM, -EBADMSG, -E2BIG) */
int letter_write(const struct county_config *config, const char *topic, const char *body,
                 size_t size, bool is_retained, struct letter *ret);
void letter_done(struct letter *letter);

/* letter_print - what each of the contract's examples becomes, a line of JSON each; one
 * that is kept as the contract has it says neither topic nor body. */
void letter_print(const struct county_config *config, FILE *out);

#endif
