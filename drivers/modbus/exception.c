#include "exception.h"

static const struct exception {
    const char *name;
    enum exception_kind kind;
} exceptions[] = {
    [1] = {"illegal function", EXCEPTION_REFUSED},
    [2] = {"illegal data address", EXCEPTION_RANGE},
    [3] = {"illegal data value", EXCEPTION_RANGE},
    [4] = {"device failure", EXCEPTION_FAILING},
    [5] = {"acknowledged, still working", EXCEPTION_PASSING},
    [6] = {"device busy", EXCEPTION_PASSING},
    [7] = {"negative acknowledge", EXCEPTION_REFUSED},
    [8] = {"memory parity error", EXCEPTION_FAILING},
    [10] = {"gateway path unavailable", EXCEPTION_PASSING},
    [11] = {"gateway target does not answer", EXCEPTION_PASSING},
};

static const struct exception *exception_of(int code)
{
    static const struct exception unknown = {"unknown exception", EXCEPTION_REFUSED};
    int count = sizeof(exceptions) / sizeof(exceptions[0]);
    bool is_known = code > 0 && code < count && exceptions[code].name;
    return is_known ? &exceptions[code] : &unknown;
}

enum exception_kind exception_kind(int code)
{
    return exception_of(code)->kind;
}

const char *exception_name(int code)
{
    return exception_of(code)->name;
}
