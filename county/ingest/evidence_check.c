#include "ingest/evidence_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/evidence_added.h"
#include "ingest/evidence_chain.h"

enum { TEXT_SIZE = 512 };

/* checking - one file.
 * month  the facts that belong into it; recomputed: its data of them */
struct checking {
    const struct evidence_document *document;
    struct archive *archive;
    const struct evidence_report *report;
    struct evidence_rows rows;
    struct evidence_fact *month;
    size_t month_count;
    json_t *recomputed;
    bool has_fault;
};

static void tell(struct checking *c, const char *part, enum evidence_verdict verdict,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

static void tell(struct checking *c, const char *part, enum evidence_verdict verdict,
                 const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    c->has_fault = c->has_fault || verdict == EVIDENCE_FAULT;
    c->report->tell(c->report->ctx, part, verdict, text);
}

/* --- whose it is ----------------------------------------------------------------------
 */

static void check_signature(struct checking *c)
{
    unsigned char key[EVIDENCE_PUBLIC] = {0};
    char fingerprint[EVIDENCE_FINGERPRINT_MAX];
    int r = evidence_check(c->document->data, key);
    evidence_fingerprint(key, fingerprint);
    if (r == 0)
        tell(c, "signature", EVIDENCE_HOLDS, "by the key %s", fingerprint);
    else
        tell(c, "signature", EVIDENCE_FAULT, "%s",
             r == -EBADMSG ? "the file was altered after it was signed"
                           : "it has no signature that can be read");
}

static void check_key(struct checking *c)
{
    const char *key = evidence_document_text(c->document, "public_key");
    const struct evidence_document *change = evidence_chain_change(&c->rows, c->document);
    if (!c->rows.key[0])
        tell(c, "key", EVIDENCE_FAULT, "the archive has no birth of %s that tells a key",
             c->document->gateway);
    else if (key && strcmp(c->rows.key, key) == 0)
        tell(c, "key", EVIDENCE_HOLDS, "the one that the gateway's birth tells");
    else if (change && evidence_chain_knows(&c->rows, c->document))
        tell(c, "key", EVIDENCE_HOLDS,
             "an earlier one: the file of %s says that it changed",
             evidence_document_text(change, "month"));
    else
        tell(c, "key", EVIDENCE_FAULT,
             "not the one that the gateway's birth tells, and no chain of files leads "
             "from it to that one");
}

/* --- the chain
 * -------------------------------------------------------------------------- */

/* The newest before this one that the archive has; NULL = none. */
static const struct evidence_document *find_earlier(const struct checking *c)
{
    const struct evidence_document *found = NULL;
    for (size_t i = 0; i < c->rows.file_count; i++)
        if (c->rows.files[i].month < c->document->month
            && (!found || c->rows.files[i].month > found->month))
            found = &c->rows.files[i];
    return found;
}

static void check_chain(struct checking *c)
{
    const json_t *previous = json_object_get(c->document->data, "previous");
    const char *month = json_string_value(json_object_get(previous, "month"));
    const struct evidence_document *earlier = find_earlier(c);
    char digest[CANONICAL_HEX_MAX];
    int32_t number = 0;
    if (!month && earlier)
        tell(c, "chain", EVIDENCE_FAULT,
             "it says that it is the first, and there is one of %s",
             evidence_document_text(earlier, "month"));
    if (!month && !earlier)
        tell(c, "chain", EVIDENCE_HOLDS, "the first file");
    if (!month || evidence_month_read(month, &number) < 0)
        return;
    const char *wanted = json_string_value(json_object_get(previous, "digest"));
    bool is_there = false;
    bool is_same = false;
    for (size_t i = 0; i < c->rows.file_count && !is_same; i++) {
        canonical_hex(c->rows.files[i].digest, digest);
        is_there = is_there || c->rows.files[i].month == number;
        is_same = c->rows.files[i].month == number && strcmp(digest, wanted) == 0;
    }
    if (is_same)
        tell(c, "chain", EVIDENCE_HOLDS, "follows the file of %s", month);
    else
        tell(c, "chain", EVIDENCE_FAULT, "the archive's file of %s is %s", month,
             is_there ? "another one" : "missing");
}

/* From this file to the newest one: else it may be one that somebody put there. */
static void check_followers(struct checking *c)
{
    const struct evidence_document *end = evidence_chain_end(&c->rows, c->document);
    for (size_t i = 0; i < c->rows.file_count; i++) {
        const struct evidence_document *file = &c->rows.files[i];
        if (file->month <= end->month || evidence_chain_leads(&c->rows, end, file))
            continue;
        tell(c, "chain", EVIDENCE_FAULT,
             "there is a file of %s that does not follow the one of %s",
             evidence_document_text(file, "month"), evidence_document_text(end, "month"));
        return;
    }
    if (end != c->document)
        tell(c, "chain", EVIDENCE_HOLDS, "the files up to that of %s follow it",
             evidence_document_text(end, "month"));
}

static void check_archived(struct checking *c)
{
    const struct evidence_document *d = c->document;
    const struct evidence_document *file =
        evidence_rows_file(&c->rows, d->month, d->digest);
    const char *month = evidence_document_text(d, "month");
    if (!file)
        tell(c, "archive", EVIDENCE_FAULT, "it has no file of %s", month);
    else if (memcmp(file->digest, d->digest, sizeof(d->digest)) != 0)
        tell(c, "archive", EVIDENCE_FAULT, "its file of %s says something else", month);
    else
        tell(c, "archive", EVIDENCE_HOLDS, "it has this file of %s", month);
}

/* Of a database that was begun anew, or somebody's. */
static void check_others(struct checking *c)
{
    const struct evidence_document *d = c->document;
    for (size_t i = 0; i < c->rows.file_count; i++) {
        const struct evidence_document *file = &c->rows.files[i];
        if (file->month != d->month
            || memcmp(file->digest, d->digest, sizeof(d->digest)) == 0)
            continue;
        tell(c, "archive", file->is_own ? EVIDENCE_OPEN : EVIDENCE_FAULT,
             "there is another file of %s (epoch %" PRIu64 ", seq %" PRIu64 "), %s",
             evidence_document_text(d, "month"), file->epoch, file->seq,
             file->is_own ? "by the gateway as well: a database that was begun anew?"
                          : "and it is not the gateway's own");
    }
}

/* --- what is in it
 * ---------------------------------------------------------------------- */

static int collect_month(struct checking *c)
{
    c->month = calloc(c->rows.fact_count + 1, sizeof(*c->month));
    c->recomputed = json_object();
    if (!c->month || !c->recomputed)
        return -ENOMEM;
    for (size_t i = 0; i < c->rows.fact_count; i++)
        if (evidence_document_covers(c->document, &c->rows.facts[i]))
            c->month[c->month_count++] = c->rows.facts[i];
    return evidence_fold(c->month, c->month_count, c->recomputed);
}

static const char *marks_of(const json_t *day)
{
    const char *marks = json_string_value(json_object_get(day, "marks"));
    return marks ? marks : "";
}

/* The first fact of the archive's day that is not the file's; NULL = each is. */
static const struct evidence_fact *find_stranger(const struct checking *c, int32_t day,
                                                 const char *marks)
{
    for (size_t i = 0; i < c->month_count; i++) {
        char digest[CANONICAL_HEX_MAX];
        canonical_hex(c->month[i].digest, digest);
        if (c->month[i].day == day && !evidence_document_has_mark(marks, digest))
            return &c->month[i];
    }
    return NULL;
}

/* The archive's last fact before the first one of the file that it has not. */
static const struct evidence_fact *find_gap(const struct checking *c, int32_t day,
                                            const char *signed_marks,
                                            const char *found_marks)
{
    size_t place = 0;
    const struct evidence_fact *before = NULL;
    while (
        signed_marks[place * EVIDENCE_MARK]
        && evidence_document_has_mark(found_marks, signed_marks + place * EVIDENCE_MARK))
        place++;
    for (size_t i = 0, used = 0; i < c->month_count && used < place; i++)
        if (c->month[i].day == day) {
            before = &c->month[i];
            used++;
        }
    return before;
}

static void tell_day(struct checking *c, const char *name, const json_t *signed_day,
                     const json_t *found_day)
{
    const int32_t day = (int32_t)strtol(name + strlen("2026-11-"), NULL, 10);
    const char *marks = marks_of(signed_day);
    const struct evidence_fact *stranger = find_stranger(c, day, marks);
    const struct evidence_fact *gap = find_gap(c, day, marks, marks_of(found_day));
    const size_t wanted = strlen(marks) / EVIDENCE_MARK;
    const size_t found = strlen(marks_of(found_day)) / EVIDENCE_MARK;
    if (stranger)
        tell(c, "days", EVIDENCE_FAULT,
             "%s: '%s' revision %" PRIu32 " is not as it was signed", name, stranger->key,
             stranger->revision);
    else
        tell(c, "days", EVIDENCE_FAULT,
             "%s: %zu of %zu facts are there; the first that is "
             "missing stood %s%s%s",
             name, found, wanted, gap ? "behind '" : "first", gap ? gap->key : "",
             gap ? "'" : "");
}

static bool is_same(const json_t *a, const json_t *b)
{
    unsigned char x[CANONICAL_DIGEST];
    unsigned char y[CANONICAL_DIGEST];
    return canonical_digest(a, x) == 0 && canonical_digest(b, y) == 0
           && memcmp(x, y, sizeof(x)) == 0;
}

/* As in the document, but with what was recomputed. */
static const json_t *found_day(const struct checking *c, const char *name)
{
    const struct evidence_document found = {.data = c->recomputed};
    return evidence_document_day(&found, name);
}

static size_t count_days(const json_t *data)
{
    return json_array_size(json_object_get(data, "days"));
}

static bool has_form_of_day(const struct checking *c, const char *name)
{
    char month[EVIDENCE_DAY_MAX];
    evidence_month_text(c->document->month, month);
    return strlen(name) == strlen("2026-11-01") && strncmp(name, month, 7) == 0;
}

static size_t check_signed_days(struct checking *c)
{
    const json_t *days = json_object_get(c->document->data, "days");
    size_t faults = 0;
    for (size_t i = 0; i < json_array_size(days); i++) {
        const json_t *day = json_array_get(days, i);
        const char *name = json_string_value(json_object_get(day, "day"));
        if (!has_form_of_day(c, name))
            tell(c, "days", EVIDENCE_FAULT, "'%.40s' is no day of the month", name);
        else if (!is_same(day, found_day(c, name)))
            tell_day(c, name, day, found_day(c, name));
        else
            continue;
        faults++;
    }
    return faults;
}

static size_t check_other_days(struct checking *c)
{
    const json_t *days = json_object_get(c->recomputed, "days");
    size_t faults = 0;
    for (size_t i = 0; i < json_array_size(days); i++) {
        const json_t *day = json_array_get(days, i);
        const char *name = json_string_value(json_object_get(day, "day"));
        if (evidence_document_day(c->document, name))
            continue;
        tell_day(c, name, NULL, day);
        faults++;
    }
    return faults;
}

/* What is said of all days together: nothing but what the days say. */
static bool check_totals(struct checking *c)
{
    static const char *const totals[] = {"facts", "completeness", "upto"};
    bool is_good = true;
    for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++)
        if (!is_same(json_object_get(c->document->data, totals[i]),
                     json_object_get(c->recomputed, totals[i]))) {
            tell(c, "days", EVIDENCE_FAULT, "%s: not what the days add up to", totals[i]);
            is_good = false;
        }
    return is_good;
}

static void check_days(struct checking *c)
{
    if (c->rows.unreadable > 0)
        tell(c, "days", EVIDENCE_FAULT,
             "%zu rows of the archive cannot be read, or are of another type",
             c->rows.unreadable);
    if (check_signed_days(c) + check_other_days(c) == 0 && check_totals(c))
        tell(c, "days", EVIDENCE_HOLDS, "%zu days, %zu facts recomputed",
             count_days(c->recomputed), c->month_count);
}

static bool has_late(const struct checking *c, const json_t *late)
{
    const char *key = json_string_value(json_object_get(late, "key"));
    const char *wanted = json_string_value(json_object_get(late, "digest"));
    const double revision = json_number_value(json_object_get(late, "revision"));
    for (size_t i = 0; i < c->rows.fact_count; i++) {
        const struct evidence_fact *fact = &c->rows.facts[i];
        char digest[CANONICAL_HEX_MAX];
        if (fact->revision != revision || strcmp(fact->key, key) != 0)
            continue;
        canonical_hex(fact->digest, digest);
        if (strcmp(digest, wanted) == 0)
            return true;
    }
    return false;
}

static void check_late(struct checking *c)
{
    const json_t *list = json_object_get(c->document->data, "late");
    const size_t count = json_array_size(list);
    for (size_t i = 0; i < count; i++) {
        const json_t *late = json_array_get(list, i);
        if (has_late(c, late))
            continue;
        tell(c, "late", EVIDENCE_FAULT, "'%s' revision %.0f is not as it was signed",
             json_string_value(json_object_get(late, "key")),
             json_number_value(json_object_get(late, "revision")));
        return;
    }
    tell(c, "late", EVIDENCE_HOLDS, "%zu facts recomputed", count);
}

/* below - the numbers of a stream below one that are missing. */
struct below {
    const struct archive_key *key;
    uint64_t missing;
};

static void add_gap(void *ctx, const struct archive_key *key,
                    const struct archive_range *gap)
{
    struct below *b = ctx;
    if (gap->to < b->key->seq && key->epoch == b->key->epoch
        && strcmp(key->gateway, b->key->gateway) == 0)
        b->missing += gap->to - gap->from + 1;
}

static void tell_added(struct checking *c, enum evidence_verdict verdict,
                       const struct evidence_fact *fact, const char *why)
{
    tell(c, "added", verdict,
         "'%s' revision %" PRIu32 " (epoch %" PRIu64 ", seq %" PRIu64 ") %s", fact->key,
         fact->revision, fact->epoch, fact->seq, why);
}

/* A fact that the next file may attest came the way of all others, and its gateway
 * numbers without gaps. */
static int judge_waiting(struct checking *c, const struct evidence_fact *fact,
                         enum evidence_verdict *ret, struct gw_error *err)
{
    const struct archive_key key = {c->document->gateway, fact->epoch, fact->seq};
    struct archive_range range;
    struct archive_counts counts;
    struct below below = {.key = &key};
    char why[96];
    int r = archive_find(c->archive, &key, &range, err);
    if (r == 0) {
        *ret = EVIDENCE_FAULT;
        tell_added(c, *ret, fact, "was never received: somebody else wrote it");
    }
    if (r <= 0)
        return r;
    r = archive_gaps(c->archive, add_gap, &below, &counts, err);
    (void)snprintf(why, sizeof(why), "stands behind %" PRIu64 " numbers that are missing",
                   below.missing);
    if (r == 0 && below.missing > 0)
        tell_added(c, EVIDENCE_OPEN, fact, why);
    return r;
}

/* Each fact of the month that no file attests, and how many still may be. */
static int check_added(struct checking *c, struct gw_error *err)
{
    const struct evidence_document *end = evidence_chain_end(&c->rows, c->document);
    size_t waiting = 0;
    size_t faults = 0;
    int r = 0;
    for (size_t i = 0; r == 0 && i < c->rows.fact_count; i++) {
        const struct evidence_fact *fact = &c->rows.facts[i];
        const char *why = NULL;
        enum evidence_verdict verdict =
            evidence_added_judge(&c->rows, c->document, end, fact, &why);
        if (verdict == EVIDENCE_FAULT)
            tell_added(c, verdict, fact, why);
        else if (verdict == EVIDENCE_OPEN)
            r = judge_waiting(c, fact, &verdict, err);
        waiting += verdict == EVIDENCE_OPEN;
        faults += verdict == EVIDENCE_FAULT;
    }
    if (waiting > 0)
        tell(c, "added", EVIDENCE_OPEN, "not yet attested: %zu facts", waiting);
    else if (r == 0 && faults == 0)
        tell(c, "added", EVIDENCE_HOLDS, "each fact of the month stands in a file");
    return r;
}

int evidence_verify(const struct evidence_document *document, struct archive *archive,
                    const struct evidence_report *report, struct gw_error *err)
{
    struct checking c = {.document = document, .archive = archive, .report = report};
    int r = evidence_rows_read(archive, document, &c.rows, err);
    if (r == 0 && collect_month(&c) < 0)
        r = gw_fail(err, -ENOMEM, "evidence: out of memory");
    if (r == 0) {
        evidence_chain_judge(&c.rows);
        check_signature(&c);
        check_key(&c);
        check_chain(&c);
        check_followers(&c);
        check_archived(&c);
        check_others(&c);
        check_days(&c);
        check_late(&c);
        r = check_added(&c, err);
    }
    json_decref(c.recomputed);
    free(c.month);
    evidence_rows_clear(&c.rows);
    return r < 0 ? r : c.has_fault;
}
