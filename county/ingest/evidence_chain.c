#include "ingest/evidence_chain.h"

#include <string.h>

static bool is_same_file(const struct evidence_document *a,
                         const struct evidence_document *b)
{
    return memcmp(a->digest, b->digest, sizeof(a->digest)) == 0;
}

static bool is_same_key(const struct evidence_document *a, const char *key)
{
    const char *own = evidence_document_text(a, "public_key");
    return own && key && strcmp(own, key) == 0;
}

static bool names(const struct evidence_document *after,
                  const struct evidence_document *before)
{
    const json_t *previous = json_object_get(after->data, "previous");
    const char *named = json_string_value(json_object_get(previous, "digest"));
    char digest[CANONICAL_HEX_MAX];
    canonical_hex(before->digest, digest);
    return named && strcmp(named, digest) == 0;
}

static bool says_change(const struct evidence_document *d)
{
    return json_is_true(json_object_get(d->data, "key_changed"));
}

static bool is_signed(const struct evidence_document *d)
{
    unsigned char key[EVIDENCE_PUBLIC];
    return evidence_check(d->data, key) == 0;
}

bool evidence_chain_knows(const struct evidence_rows *rows,
                          const struct evidence_document *d)
{
    bool is_known = is_same_key(d, rows->key);
    for (size_t i = 0; i < rows->file_count && !is_known; i++) {
        const struct evidence_document *after = &rows->files[i];
        is_known = after->is_own && names(after, d)
                   && (says_change(after)
                       || is_same_key(d, evidence_document_text(after, "public_key")));
    }
    return is_known;
}

/* From the birth's key backwards: each that is found may let one more be found. */
void evidence_chain_judge(struct evidence_rows *rows)
{
    bool has_found = true;
    while (has_found) {
        has_found = false;
        for (size_t i = 0; i < rows->file_count; i++) {
            struct evidence_document *file = &rows->files[i];
            if (file->is_own || !evidence_chain_knows(rows, file) || !is_signed(file))
                continue;
            file->is_own = true;
            has_found = true;
        }
    }
}

static const struct evidence_document *find_before(const struct evidence_rows *rows,
                                                   const struct evidence_document *d)
{
    for (size_t i = 0; i < rows->file_count; i++)
        if (rows->files[i].is_own && names(d, &rows->files[i]))
            return &rows->files[i];
    return NULL;
}

bool evidence_chain_leads(const struct evidence_rows *rows,
                          const struct evidence_document *from,
                          const struct evidence_document *to)
{
    bool leads = false;
    while (from && from->is_own && !leads) {
        leads = is_same_file(from, to) || names(from, to);
        from = find_before(rows, from);
    }
    return leads;
}

const struct evidence_document *evidence_chain_end(const struct evidence_rows *rows,
                                                   const struct evidence_document *d)
{
    const struct evidence_document *end = d;
    for (size_t i = 0; i < rows->file_count; i++) {
        const struct evidence_document *file = &rows->files[i];
        if (evidence_chain_leads(rows, file, d) && !is_same_file(file, d)
            && (end == d || file->month > end->month
                || evidence_chain_leads(rows, file, end)))
            end = file;
    }
    return end;
}

const struct evidence_document *evidence_chain_change(const struct evidence_rows *rows,
                                                      const struct evidence_document *d)
{
    const struct evidence_document *change = NULL;
    const struct evidence_document *file = evidence_chain_end(rows, d);
    while (file && file != d && !is_same_file(file, d)) {
        change = says_change(file) ? file : change;
        file = find_before(rows, file);
    }
    return change;
}
