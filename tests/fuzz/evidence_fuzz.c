/* evidence_fuzz.c - a file of evidence that somebody hands over, and its canonical form.
 */
#include <string.h>

#include "fuzz.h"
#include "ingest/evidence_document.h"

/* What was taken reads back from its canonical form as the same. */
static void check_canonical(const struct evidence_document *d)
{
    struct evidence_document again;
    struct gw_error err = {0};
    json_t *message = json_pack("{s:O}", "data", d->data);
    char *text = canonical_json(message);
    json_decref(message);
    fuzz_claim(text != NULL, "what is taken has a canonical form");
    int r = evidence_document_read(text, strlen(text), &again, &err);
    fuzz_claim(r == 0 || strlen(text) > MESSAGE_SIZE_MAX, "it can be read again");
    if (r == 0) {
        fuzz_claim(memcmp(d->digest, again.digest, sizeof(d->digest)) == 0,
                   "and has the same digest");
        evidence_document_clear(&again);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = fuzz_copy((const char *)bytes, size);
    struct evidence_document d;
    struct evidence_fact fact;
    struct gw_error err = {0};
    unsigned char key[EVIDENCE_PUBLIC];
    int r = evidence_document_read(text, size, &d, &err);
    fuzz_claim(r == 0 || err.text[0] != '\0', "a refusal says why");
    if (r == 0) {
        fuzz_claim(d.gateway[0] && evidence_document_text(&d, "key"),
                   "what is taken is whole");
        check_canonical(&d);
        (void)evidence_check(d.data, key);
        evidence_document_clear(&d);
    }
    if (evidence_fact_read(text, size, &fact) == 0)
        fuzz_claim(fact.revision >= 1 && fact.seq >= 1 && fact.day >= 1 && fact.day <= 31,
                   "a fact has a day and a number");
    free(text);
    return 0;
}
