/* gunzip_fuzz.c - a packed body of a gateway: what comes out is bounded, and of one that
 * we packed it is what went in. */
#include <errno.h>

#include "fuzz.h"
#include "ingest/gunzip.h"
#include "uplink/gzip.h"

enum { OUT_MAX = 100000 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    return 0;
}

static void there_and_back(const char *text, size_t size)
{
    struct strbuf out = {0};
    char *packed = NULL;
    size_t packed_size = 0;
    fuzz_claim(gzip_pack(text, size, &packed, &packed_size) == 0, "there is memory");
    fuzz_claim(gunzip(packed, packed_size, size, &out) == 0, "what is packed comes out");
    fuzz_claim(out.used == size && (size == 0 || memcmp(out.text, text, size) == 0),
               "as it was");
    strbuf_free(&out);
    free(packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct strbuf out = {0};
    char *text = fuzz_copy((const char *)bytes, size);
    int r = gunzip(text, size, OUT_MAX, &out);
    fuzz_claim(out.used <= OUT_MAX, "no more comes out than is allowed");
    fuzz_claim(r == 0 || r == -EINVAL || r == -E2BIG, "it is gzip, none, or too much");
    strbuf_free(&out);
    there_and_back(text, size);
    free(text);
    return 0;
}
