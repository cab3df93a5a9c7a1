#include "ingest/evidence_document.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char hex[] = "0123456789abcdef";

static bool is_digest(const json_t *value)
{
    const char *text = json_string_value(value);
    return text && strlen(text) == CANONICAL_HEX_MAX - 1
           && strspn(text, hex) == CANONICAL_HEX_MAX - 1;
}

static bool is_count(const json_t *value)
{
    return json_is_number(value) && json_number_value(value) >= 1
           && json_number_value(value) <= 9007199254740991.0;
}

static bool is_day(const json_t *day)
{
    const char *marks = json_string_value(json_object_get(day, "marks"));
    const double count = json_number_value(json_object_get(day, "count"));
    return json_is_string(json_object_get(day, "day"))
           && is_count(json_object_get(day, "count"))
           && is_digest(json_object_get(day, "digest")) && marks
           && strspn(marks, hex) == strlen(marks)
           && (double)strlen(marks) == count * EVIDENCE_MARK;
}

static bool is_late(const json_t *late)
{
    return json_is_string(json_object_get(late, "key"))
           && is_count(json_object_get(late, "revision"))
           && is_digest(json_object_get(late, "digest"));
}

static bool is_list(const json_t *list, bool (*is_item)(const json_t *item))
{
    bool is_good = json_is_array(list);
    for (size_t i = 0; is_good && i < json_array_size(list); i++)
        is_good = is_item(json_array_get(list, i));
    return is_good;
}

static bool is_upto(const json_t *upto)
{
    bool is_good = json_is_object(upto);
    const char *epoch;
    json_t *seq;
    json_object_foreach((json_t *)upto, epoch, seq) is_good = is_good && is_count(seq);
    return is_good;
}

static bool is_previous(const json_t *previous)
{
    int32_t month = 0;
    return json_is_null(previous)
           || (is_digest(json_object_get(previous, "digest"))
               && evidence_month_read(
                      json_string_value(json_object_get(previous, "month")), &month)
                      == 0);
}

static bool is_text(const json_t *value)
{
    return json_is_string(value);
}

static bool is_object(const json_t *value)
{
    return json_is_object(value);
}

/* What is read of it. */
static const struct {
    const char *name;
    bool (*is_good)(const json_t *value);
    const char *allowed;
} members[] = {
    {"key", is_text, "a text"},
    {"start", is_text, "a text"},
    {"facts", is_object, "an object"},
    {"upto", is_upto, "a seq for each epoch"},
    {"previous", is_previous, "null, or a month and a digest"},
};

static const struct {
    const char *name;
    bool (*is_item)(const json_t *item);
    const char *allowed;
} lists[] = {
    {"days", is_day, "days with their count, digest and as many marks"},
    {"late", is_late, "facts with their key, revision and digest"},
};

static int check_form(const json_t *data, struct gw_error *err)
{
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (!members[i].is_good(json_object_get(data, members[i].name)))
            return gw_fail(err, -EINVAL, "%s: must be %s", members[i].name,
                           members[i].allowed);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        if (!is_list(json_object_get(data, lists[i].name), lists[i].is_item))
            return gw_fail(err, -EINVAL, "%s: must be a list of %s", lists[i].name,
                           lists[i].allowed);
    return 0;
}

/* The gateway inside what is signed; the envelope, where there is one, says the same. */
static int read_source(const json_t *document, struct evidence_document *ret,
                       struct gw_error *err)
{
    static const char prefix[] = "campus/";
    const char *source = evidence_document_text(ret, "source");
    const char *sent_by = json_string_value(json_object_get(document, "source"));
    if (!source || strncmp(source, prefix, sizeof(prefix) - 1) != 0
        || strlen(source) >= sizeof(ret->gateway))
        return gw_fail(err, -EINVAL,
                       "source: must be campus/{division}/{school}/{gateway}");
    if (sent_by && strcmp(sent_by, source) != 0)
        return gw_fail(err, -EINVAL, "source: the message is another gateway's");
    text_copy(ret->gateway, sizeof(ret->gateway), source + sizeof(prefix) - 1);
    return 0;
}

static int read_document(json_t *document, struct evidence_document *ret,
                         struct gw_error *err)
{
    json_t *data = json_object_get(document, "data");
    if (!data)
        data = document;
    if (!json_is_object(data))
        return gw_fail(err, -EINVAL, "not a file of evidence: no object");
    ret->data = json_incref(data);
    const json_t *seq = json_object_get(document, "seq");
    (void)text_to_positive(json_string_value(json_object_get(document, "epoch")),
                           &ret->epoch);
    ret->seq = is_count(seq) ? (uint64_t)json_number_value(seq) : 0;
    if (evidence_month_read(evidence_document_text(ret, "month"), &ret->month) < 0)
        return gw_fail(err, -EINVAL, "not a file of evidence: month: must be YYYY-MM");
    int r = read_source(document, ret, err);
    if (r == 0)
        r = check_form(data, err);
    if (r == 0 && canonical_digest(data, ret->digest) < 0)
        r = gw_fail(err, -EINVAL, "not a file of evidence: it has no canonical form");
    return r;
}

int evidence_document_read(const char *bytes, size_t size, struct evidence_document *ret,
                           struct gw_error *err)
{
    json_error_t fault;
    *ret = (struct evidence_document){0};
    if (size > MESSAGE_SIZE_MAX)
        return gw_fail(err, -EINVAL, "%zu bytes, at most %d", size, MESSAGE_SIZE_MAX);
    json_t *document = json_loadb(bytes, size, CANONICAL_READ, &fault);
    int r = document
                ? read_document(document, ret, err)
                : gw_fail(err, -EINVAL, "not JSON: line %d: %s", fault.line, fault.text);
    json_decref(document);
    if (r < 0)
        evidence_document_clear(ret);
    return r;
}

void evidence_document_clear(struct evidence_document *d)
{
    json_decref(d->data);
    *d = (struct evidence_document){0};
}

const char *evidence_document_text(const struct evidence_document *d, const char *name)
{
    return json_string_value(json_object_get(d->data, name));
}

const json_t *evidence_document_day(const struct evidence_document *d, const char *day)
{
    const json_t *days = json_object_get(d->data, "days");
    for (size_t i = 0; i < json_array_size(days); i++) {
        const json_t *item = json_array_get(days, i);
        if (strcmp(json_string_value(json_object_get(item, "day")), day) == 0)
            return item;
    }
    return NULL;
}

uint64_t evidence_document_upto(const struct evidence_document *d, uint64_t epoch)
{
    char name[24];
    (void)snprintf(name, sizeof(name), "%" PRIu64, epoch);
    const json_t *upto = json_object_get(d->data, "upto");
    return (uint64_t)json_number_value(json_object_get(upto, name));
}

bool evidence_document_covers(const struct evidence_document *d,
                              const struct evidence_fact *fact)
{
    return fact->month == d->month && fact->seq <= evidence_document_upto(d, fact->epoch);
}

bool evidence_document_has_mark(const char *marks, const char *hex_digest)
{
    for (size_t i = 0; marks[i]; i += EVIDENCE_MARK)
        if (strncmp(marks + i, hex_digest, EVIDENCE_MARK) == 0)
            return true;
    return false;
}
