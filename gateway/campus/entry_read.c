/* entry_read.c - an entry as JSON says it. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "campus/civil.h"
#include "campus/day_book.h"
#include "campus/entry.h"
#include "campus/timetable.h"

static const char *const exempt_words[] = {"rain", "pollution"};

/* reader - what the keys' readers share. */
struct reader {
    const json_t *object;
    struct campus_entry *entry;
    struct gw_error *err;
};

static int refuse(const struct reader *r, const char *key, const char *allowed)
{
    const char *text = json_string_value(json_object_get(r->object, key));
    return gw_fail(r->err, -EINVAL, "%s%s%.80s%s (allowed: %s)", key, text ? ": '" : "",
                   text ? text : "", text ? "'" : "", allowed);
}

static int read_text(const struct reader *r, const char *key, char *ret)
{
    const json_t *value = json_object_get(r->object, key);
    const char *text = json_string_value(value);
    if (!text || !*text || strlen(text) >= GW_NAME_MAX)
        return refuse(r, key, "an id or a title");
    text_copy(ret, GW_NAME_MAX, text);
    return 0;
}

static int read_class(const struct reader *r, const char *key)
{
    return read_text(r, key, r->entry->class_id);
}

static int read_subject(const struct reader *r, const char *key)
{
    return read_text(r, key, r->entry->subject);
}

static int read_place(const struct reader *r, const char *key)
{
    return read_text(r, key, r->entry->place);
}

static int read_date(const struct reader *r, const char *key, int64_t *ret)
{
    const char *text = json_string_value(json_object_get(r->object, key));
    return text && civil_parse(text, ret) == 0 ? 0 : refuse(r, key, "2026-11-23");
}

static int read_day(const struct reader *r, const char *key)
{
    return read_date(r, key, &r->entry->day);
}

static int read_with_day(const struct reader *r, const char *key)
{
    return read_date(r, key, &r->entry->with_day);
}

static int read_uint(const struct reader *r, const char *key, int min, int max,
                     uint32_t *ret)
{
    const json_t *value = json_object_get(r->object, key);
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < min || number > max)
        return gw_fail(r->err, -EINVAL, "%s (allowed: a whole number %d .. %d)", key, min,
                       max);
    *ret = (uint32_t)number;
    return 0;
}

static int read_lesson(const struct reader *r, const char *key)
{
    return read_uint(r, key, 1, TIMETABLE_LESSONS_MAX, &r->entry->lesson);
}

static int read_with(const struct reader *r, const char *key)
{
    return read_uint(r, key, 1, TIMETABLE_LESSONS_MAX, &r->entry->with);
}

static int read_count(const struct reader *r, const char *key)
{
    return read_uint(r, key, 0, DAY_BOOK_PUPILS_MAX, &r->entry->count);
}

static int read_undo(const struct reader *r, const char *key)
{
    const json_t *value = json_object_get(r->object, key);
    r->entry->is_undo = json_is_true(value);
    return json_is_boolean(value) ? 0 : refuse(r, key, "true or false");
}

static int read_reason(const struct reader *r, const char *key)
{
    const char *text = json_string_value(json_object_get(r->object, key));
    for (size_t i = 0; text && i < sizeof(exempt_words) / sizeof(exempt_words[0]); i++)
        if (strcmp(exempt_words[i], text) == 0)
            r->entry->bits = 1u << i;
    return r->entry->bits ? 0 : refuse(r, key, "rain, pollution");
}

/* "HH:MM"; "24:00" is the end of the day. */
static int read_clock(const struct reader *r, const char *key, int32_t *ret)
{
    const char *text = json_string_value(json_object_get(r->object, key));
    if (!text || strlen(text) != 5 || text[2] != ':' || strspn(text, "0123456789") != 2
        || strspn(text + 3, "0123456789") != 2)
        return refuse(r, key, "08:20");
    int hour = (text[0] - '0') * 10 + text[1] - '0';
    int minute = (text[3] - '0') * 10 + text[4] - '0';
    *ret = hour * 3600 + minute * 60;
    return minute < 60 && *ret <= CIVIL_DAY_S ? 0 : refuse(r, key, "00:00 .. 24:00");
}

static int read_from(const struct reader *r, const char *key)
{
    return read_clock(r, key, &r->entry->from_s);
}

static int read_until(const struct reader *r, const char *key)
{
    return read_clock(r, key, &r->entry->until_s);
}

/* Bits of a key: the kinds of entry that may have it, and need it unless undone. */
#define OF(kind) (1u << (kind))
static const struct key {
    const char *name;
    unsigned allowed;
    unsigned needed;
    int (*read)(const struct reader *r, const char *key);
} keys[] = {
    {"class", OF(ENTRY_LEAVE) | OF(ENTRY_ATTENDANCE) | OF(ENTRY_SWAP),
     OF(ENTRY_LEAVE) | OF(ENTRY_ATTENDANCE) | OF(ENTRY_SWAP), read_class},
    {"day", ~0u, 0, read_day},
    {"count", OF(ENTRY_LEAVE) | OF(ENTRY_ATTENDANCE), 0, read_count},
    {"lesson", OF(ENTRY_SWAP), OF(ENTRY_SWAP), read_lesson},
    {"with", OF(ENTRY_SWAP), 0, read_with},
    {"with_day", OF(ENTRY_SWAP), 0, read_with_day},
    {"subject", OF(ENTRY_SWAP), 0, read_subject},
    {"place", OF(ENTRY_SWAP), 0, read_place},
    {"reason", OF(ENTRY_EXEMPT), OF(ENTRY_EXEMPT), read_reason},
    {"from", OF(ENTRY_EXEMPT), 0, read_from},
    {"until", OF(ENTRY_EXEMPT), 0, read_until},
    {"undo", ~0u, 0, read_undo},
};
enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static const char *const names[] = {
    [ENTRY_LEAVE] = "leave",
    [ENTRY_ATTENDANCE] = "attendance",
    [ENTRY_SWAP] = "swap-lesson",
    [ENTRY_EXEMPT] = "exempt",
};

const char *entry_name(enum entry_kind kind)
{
    return names[kind];
}

static int find_kind(const char *name)
{
    for (int i = 0; name && i < ENTRY_KINDS; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

bool entry_is_name(const char *name)
{
    return find_kind(name) >= 0;
}

static bool is_accepted(const char *key, const char *const *accept)
{
    for (size_t i = 0; accept && accept[i]; i++)
        if (strcmp(accept[i], key) == 0)
            return true;
    return strcmp(key, "do") == 0;
}

static int check_keys(const struct reader *r, const char *const *accept,
                      const char **ret_key)
{
    const char *key = NULL;
    json_t *ignored = NULL;
    json_object_foreach((json_t *)r->object, key, ignored)
    {
        size_t i = 0;
        while (i < KEYS && strcmp(keys[i].name, key) != 0)
            i++;
        bool is_own = i < KEYS && (keys[i].allowed & OF(r->entry->kind));
        if (is_own || is_accepted(key, accept))
            continue;
        *ret_key = i < KEYS ? keys[i].name : "do";
        return gw_fail(r->err, -EINVAL, "'%.80s' does not belong to %s", key,
                       names[r->entry->kind]);
    }
    return 0;
}

/* is_whole - what the keys must say together. */
static int is_whole(const struct reader *r, const char **ret_key)
{
    const struct campus_entry *e = r->entry;
    bool is_count = e->kind == ENTRY_LEAVE || e->kind == ENTRY_ATTENDANCE;
    *ret_key = is_count ? "count" : "do";
    if (is_count && e->is_undo == (json_object_get(r->object, "count") != NULL))
        return gw_fail(r->err, -EINVAL, "%s (allowed: count, or undo)", names[e->kind]);
    int says = (e->with > 0) + (e->subject[0] != '\0') + e->is_undo;
    if (e->kind == ENTRY_SWAP && says != 1)
        return gw_fail(r->err, -EINVAL,
                       "swap-lesson (allowed: one of with, subject, undo)");
    *ret_key = "with_day";
    if (e->with_day != ENTRY_TODAY && e->with == 0)
        return gw_fail(r->err, -EINVAL, "with_day (allowed: beside with)");
    *ret_key = "place";
    if (e->place[0] && !e->subject[0])
        return gw_fail(r->err, -EINVAL, "place (allowed: beside subject)");
    *ret_key = "until";
    if (e->until_s >= 0 && e->until_s <= (e->from_s < 0 ? 0 : e->from_s))
        return gw_fail(r->err, -EINVAL, "until (allowed: after from)");
    return 0;
}

int entry_read_key(const json_t *object, const char *const *accept,
                   struct campus_entry *ret, const char **ret_key, struct gw_error *err)
{
    struct campus_entry entry = {
        .day = ENTRY_TODAY, .with_day = ENTRY_TODAY, .from_s = -1, .until_s = -1};
    const struct reader r = {.object = object, .entry = &entry, .err = err};
    int kind = find_kind(json_string_value(json_object_get(object, "do")));
    *ret_key = "do";
    if (kind < 0)
        return refuse(&r, "do", "leave, attendance, swap-lesson, exempt");
    entry.kind = (enum entry_kind)kind;
    int error = check_keys(&r, accept, ret_key);
    for (size_t i = 0; error == 0 && i < KEYS; i++) {
        *ret_key = keys[i].name;
        if (json_object_get(object, keys[i].name))
            error = keys[i].read(&r, keys[i].name);
        else if (keys[i].needed & OF(kind))
            error = gw_fail(err, -EINVAL, "%s needs %s", names[kind], keys[i].name);
    }
    if (error == 0)
        error = is_whole(&r, ret_key);
    if (error == 0)
        *ret = entry;
    return error;
}

int entry_read(const json_t *object, const char *const *accept, struct campus_entry *ret,
               struct gw_error *err)
{
    const char *ignored = NULL;
    return entry_read_key(object, accept, ret, &ignored, err);
}
