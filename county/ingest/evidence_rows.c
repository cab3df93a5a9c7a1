#include "ingest/evidence_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char *const told_types[ARCHIVE_TYPES] = {
    "campus.daily.v1", "campus.weekly.v1", "campus.monthly.v1"};

/* Room for one more of @size; rooms are powers of two. */
static void *grow(void *items, size_t count, size_t size)
{
    if (count > 0 && (count & (count - 1)) != 0)
        return items;
    return realloc(items, (count ? 2 * count : 1) * size);
}

/* told - the rows of one type that are read. */
struct told {
    struct evidence_rows *rows;
    const char *type;
};

/* As the row says and the body; a key begins with it, and the key is under the digest. */
static bool has_type(const struct evidence_fact *fact, const char *type)
{
    char wanted[sizeof("campus..v1") + EVIDENCE_KEY_MAX];
    (void)snprintf(wanted, sizeof(wanted), "campus.%.*s.v1", (int)strcspn(fact->key, "/"),
                   fact->key);
    return strcmp(wanted, type) == 0 && strcmp(fact->type, type) == 0;
}

static int add_fact(void *ctx, const char *body, size_t size)
{
    const struct told *told = ctx;
    struct evidence_rows *rows = told->rows;
    struct evidence_fact fact;
    if (evidence_fact_read(body, size, &fact) < 0 || !has_type(&fact, told->type)) {
        rows->unreadable++;
        return 0;
    }
    struct evidence_fact *facts = grow(rows->facts, rows->fact_count, sizeof(*facts));
    if (!facts)
        return -ENOMEM;
    rows->facts = facts;
    facts[rows->fact_count++] = fact;
    return 0;
}

static int add_file(void *ctx, const char *body, size_t size)
{
    struct evidence_rows *rows = ctx;
    struct evidence_document file;
    struct gw_error unheard;
    if (evidence_document_read(body, size, &file, &unheard) < 0) {
        rows->unreadable++;
        return 0;
    }
    struct evidence_document *files = grow(rows->files, rows->file_count, sizeof(*files));
    if (!files) {
        evidence_document_clear(&file);
        return -ENOMEM;
    }
    rows->files = files;
    files[rows->file_count++] = file;
    return 0;
}

static int keep_birth(void *ctx, const char *body, size_t size)
{
    struct evidence_rows *rows = ctx;
    json_t *birth = json_loadb(body, size, 0, NULL);
    const char *key =
        json_string_value(json_object_get(json_object_get(birth, "data"), "public_key"));
    text_copy(rows->key, sizeof(rows->key), key ? key : "");
    (void)text_to_positive(json_string_value(json_object_get(birth, "epoch")),
                           &rows->epoch);
    json_decref(birth);
    return 0;
}

/* Late facts were told after the file before; that one after its own month. */
static void since(const struct evidence_document *d, char ret[48])
{
    char month[EVIDENCE_DAY_MAX];
    int32_t first = d->month;
    int32_t previous = d->month;
    const json_t *before = json_object_get(d->data, "previous");
    (void)evidence_month_read(json_string_value(json_object_get(before, "month")),
                              &previous);
    if (previous < first)
        first = previous;
    evidence_month_text(first > 0 ? first - 1 : 0, month);
    (void)snprintf(ret, 48, "%s-15T00:00:00Z", month);
}

static int read_facts(struct archive *archive, const struct evidence_document *document,
                      struct evidence_rows *ret, struct gw_error *err)
{
    char from[48];
    int r = 0;
    since(document, from);
    for (size_t i = 0; i < ARCHIVE_TYPES && r == 0; i++) {
        const struct archive_query query = {
            .gateway = document->gateway, .types = {told_types[i]}, .since = from};
        struct told told = {ret, told_types[i]};
        r = archive_read(archive, &query, add_fact, &told, err);
    }
    return r;
}

int evidence_rows_read(struct archive *archive, const struct evidence_document *document,
                       struct evidence_rows *ret, struct gw_error *err)
{
    const struct archive_query files = {.gateway = document->gateway,
                                        .types = {"campus.evidence.v1"}};
    int r = read_facts(archive, document, ret, err);
    if (r == 0)
        r = archive_read(archive, &files, add_file, ret, err);
    if (r == 0)
        r = archive_birth(archive, document->gateway, keep_birth, ret, err);
    return r == -ENOMEM ? gw_fail(err, r, "archive: out of memory") : r;
}

void evidence_rows_clear(struct evidence_rows *rows)
{
    for (size_t i = 0; i < rows->file_count; i++)
        evidence_document_clear(&rows->files[i]);
    free(rows->files);
    free(rows->facts);
    *rows = (struct evidence_rows){0};
}

const struct evidence_document *evidence_rows_file(const struct evidence_rows *rows,
                                                   int32_t month,
                                                   const unsigned char *digest)
{
    const struct evidence_document *found = NULL;
    for (size_t i = 0; i < rows->file_count; i++)
        if (rows->files[i].month == month
            && (!found
                || (digest
                    && memcmp(rows->files[i].digest, digest, CANONICAL_DIGEST) == 0)))
            found = &rows->files[i];
    return found;
}
