#include "uplink/fallback.h"

void fallback_served(struct fallback *f, int64_t now_us)
{
    f->served_us = now_us;
}

int64_t fallback_due_us(const struct fallback *f)
{
    return f->served_us > INT64_MAX - f->after_us ? INT64_MAX
                                                  : f->served_us + f->after_us;
}

bool fallback_is_due(const struct fallback *f, int64_t now_us)
{
    return now_us >= fallback_due_us(f);
}
