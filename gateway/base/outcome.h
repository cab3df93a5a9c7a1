/* outcome.h - how an order of a person ended, told to whoever gave it. */
#ifndef BASE_OUTCOME_H
#define BASE_OUTCOME_H

#include "gw/error.h"

/* Is what an order changed on the disk?  A question and a refusal change nothing. */
enum outcome_keeping { OUTCOME_NOTHING, OUTCOME_KEPT, OUTCOME_UNKEPT };

/* outcome - zero-initialise.
 * result   0, or -errno and err says why
 * answer   a JSON text or NULL; from malloc, of whoever is told
 * keeping  OUTCOME_UNKEPT: done, and err says why it is not on the disk, and behind that
 *          what main had to say of the order itself */
struct outcome {
    int result;
    enum outcome_keeping keeping;
    char *answer;
    struct gw_error err;
};

/* outcome_to - who is told, once, on any thread, and does not block; NULL = nobody. */
struct outcome_to {
    void *ctx;
    void (*told)(void *ctx, struct outcome *outcome);
};

#endif
