#include "clock_kept.h"

#include <string.h>

_Static_assert(sizeof(struct clock_kept) == 64, "the kept form has no holes");
_Static_assert(sizeof(((struct clock_kept *)0)->boot) >= CLOCK_BOOT_MAX, "holds an id");

static const char owner[] = "clock";

struct gw_state clock_kept_state(const struct clock_kept *kept)
{
    return (struct gw_state){
        .owner = owner, .key = "ahead", .bytes = kept, .size = sizeof(*kept)};
}

bool clock_kept_read(const struct gw_state *state, struct clock_kept *ret)
{
    static const size_t first_form = offsetof(struct clock_kept, known_us);
    struct clock_kept kept = {0};
    if (strcmp(state->owner, owner) != 0
        || (state->size != sizeof(kept) && state->size != first_form))
        return false;
    memcpy(&kept, state->bytes, state->size);
    if (!memchr(kept.boot, 0, sizeof(kept.boot)))
        return false;
    *ret = kept;
    return true;
}

int64_t clock_kept_moved(const struct clock_kept *before, const struct clock_kept *now)
{
    if (before->ahead_us == 0 || now->ahead_us == 0
        || strcmp(before->boot, now->boot) != 0)
        return 0;
    int64_t moved_us = now->ahead_us - before->ahead_us;
    return moved_us > CLOCK_STEP_US || moved_us < -CLOCK_STEP_US ? moved_us : 0;
}
