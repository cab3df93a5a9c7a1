/* gunzip.h - a body that came in gzip's form, as it was.  Thread: any. */
#ifndef INGEST_GUNZIP_H
#define INGEST_GUNZIP_H

#include <stddef.h>

#include "base/strbuf.h"

/* gunzip - @ret: empty; its owner frees it in either case.
 * returns 0; -EINVAL: it is no gzip, or not whole; -E2BIG: more than @max bytes come out,
 * or -ENOMEM */
int gunzip(const char *bytes, size_t size, size_t max, struct strbuf *ret);

#endif
