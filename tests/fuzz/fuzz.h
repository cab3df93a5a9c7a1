/* fuzz.h - what the targets share: texts cut out of an input, and claims that must hold.
 *
 * A target is LLVMFuzzerTestOneInput() over one parser of what comes from outside.  It
 * does not only wait for a crash: what the parser lets through must keep its promises,
 * and fuzz_claim() is a crash where it does not.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gw/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* fuzz_claim - @holds, or the input is a finding. */
static inline void fuzz_claim(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

/* fuzz_hush - the log of a million refusals is of no use. */
static inline void fuzz_hush(void)
{
    gw_log_set_level((enum gw_log_level)(GW_LOG_ERROR - 1));
}

/* fuzz_input - what is left of the input. */
struct fuzz_input {
    const char *at;
    size_t left;
};

/* fuzz_copy - @size bytes and a NUL in a block of just that size, so that a read beyond
 * its end is seen.  Owner: caller; free() */
static inline char *fuzz_copy(const void *bytes, size_t size)
{
    char *text = malloc(size + 1);
    fuzz_claim(text, "there is memory");
    if (size > 0)
        memcpy(text, bytes, size);
    text[size] = '\0';
    return text;
}

/* fuzz_until - up to the next @end, which is taken too, or all that is left.
 * Owner: caller; free() */
static inline char *fuzz_until(struct fuzz_input *in, char end)
{
    const char *found = in->left > 0 ? memchr(in->at, end, in->left) : NULL;
    size_t size = found ? (size_t)(found - in->at) : in->left;
    char *text = fuzz_copy(in->at, size);
    size_t taken = found ? size + 1 : size;
    in->at += taken;
    in->left -= taken;
    return text;
}

static inline char *fuzz_line(struct fuzz_input *in)
{
    return fuzz_until(in, '\n');
}

/* fuzz_byte - the next byte, 0 at the end. */
static inline uint8_t fuzz_byte(struct fuzz_input *in)
{
    if (in->left == 0)
        return 0;
    in->left--;
    return (uint8_t)*in->at++;
}

#endif
