#include "ingest/evidence_added.h"

#include <stdio.h>
#include <string.h>

#include "ingest/evidence_chain.h"

static bool is_late_of(const struct evidence_document *file,
                       const struct evidence_fact *fact, const char *digest)
{
    const json_t *list = json_object_get(file->data, "late");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *late = json_array_get(list, i);
        if (strcmp(json_string_value(json_object_get(late, "digest")), digest) == 0
            && strcmp(json_string_value(json_object_get(late, "key")), fact->key) == 0
            && json_number_value(json_object_get(late, "revision")) == fact->revision)
            return true;
    }
    return false;
}

/* Another file of its month, of a database that was begun anew. */
static bool is_of_month(const struct evidence_document *file,
                        const struct evidence_fact *fact, const char *digest)
{
    char name[EVIDENCE_DAY_MAX];
    char day[EVIDENCE_DAY_MAX + 8];
    evidence_month_text(fact->month, name);
    (void)snprintf(day, sizeof(day), "%s-%02d", name, (int)fact->day);
    const char *marks =
        json_string_value(json_object_get(evidence_document_day(file, day), "marks"));
    return evidence_document_covers(file, fact) && marks
           && evidence_document_has_mark(marks, digest);
}

static bool is_attested(const struct evidence_rows *rows,
                        const struct evidence_fact *fact)
{
    char digest[CANONICAL_HEX_MAX];
    canonical_hex(fact->digest, digest);
    for (size_t i = 0; i < rows->file_count; i++)
        if (rows->files[i].is_own
            && (is_late_of(&rows->files[i], fact, digest)
                || is_of_month(&rows->files[i], fact, digest)))
            return true;
    return false;
}

/* A file has room for so many late ones; the others wait for the next. */
static bool is_full(const struct evidence_document *file)
{
    return json_array_size(json_object_get(file->data, "late")) >= EVIDENCE_LATE_MAX;
}

static bool is_known_epoch(const struct evidence_rows *rows,
                           const struct evidence_document *d, uint64_t epoch)
{
    bool is_known = epoch == rows->epoch || evidence_document_upto(d, epoch) > 0;
    for (size_t i = 0; i < rows->file_count && !is_known; i++)
        is_known =
            rows->files[i].is_own && evidence_document_upto(&rows->files[i], epoch) > 0;
    return is_known;
}

/* A file behind @d was made when the fact had been told: that one should have it. */
static bool is_overdue(const struct evidence_rows *rows,
                       const struct evidence_document *d,
                       const struct evidence_document *end,
                       const struct evidence_fact *fact)
{
    if (end == d || is_full(end))
        return false;
    if (fact->epoch != rows->epoch && evidence_document_upto(end, fact->epoch) == 0)
        return true; /* of a database that was given up before the file was made */
    for (size_t i = 0; i < rows->file_count; i++) {
        const struct evidence_document *file = &rows->files[i];
        if (file->month != d->month
            && fact->seq <= evidence_document_upto(file, fact->epoch)
            && evidence_chain_leads(rows, file, d))
            return true;
    }
    return false;
}

enum evidence_verdict evidence_added_judge(const struct evidence_rows *rows,
                                           const struct evidence_document *d,
                                           const struct evidence_document *end,
                                           const struct evidence_fact *fact,
                                           const char **ret_why)
{
    if (fact->month != d->month || evidence_document_covers(d, fact)
        || is_attested(rows, fact))
        return EVIDENCE_HOLDS;
    if (!is_known_epoch(rows, d, fact->epoch))
        *ret_why = "is of an epoch that no file and no birth of the gateway names";
    else if (is_overdue(rows, d, end, fact))
        *ret_why = "stands in no file, and a later one would have it";
    else
        return EVIDENCE_OPEN;
    return EVIDENCE_FAULT;
}
