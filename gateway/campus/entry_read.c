/* entry_read.c - an entry as JSON says it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "campus/civil.h"
#include "campus/day_book.h"
#include "campus/entry.h"
#include "campus/entry_words.h"
#include "campus/names.h"
#include "campus/timetable.h"
#include "config/chinese.h"

enum { VALUE_TEXT_MAX = 256 /* of a value that is told back */ };

static const char *const exempt_words[] = {"rain", "pollution"};

/* reader - what the keys' readers share. */
struct reader {
    const json_t *object;
    struct campus_entry *entry;
    struct entry_refusals *refusals;
};

static const char *word(const struct reader *r, enum entry_key key)
{
    return entry_key_word(key, r->refusals->is_chinese);
}

/* value_text - what was said, as it was; "" = nothing. */
static const char *value_text(const struct reader *r, enum entry_key key,
                              char ret[VALUE_TEXT_MAX])
{
    const json_t *value = json_object_get(r->object, entry_key_name(key));
    const char *text = json_string_value(value);
    char *other = value && !text
                      ? json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))
                      : NULL;
    (void)snprintf(ret, VALUE_TEXT_MAX, "%s", text ? text : other ? other : "");
    free(other);
    return ret;
}

/* refuse - @allowed in English. */
static int refuse(const struct reader *r, enum entry_key key, const char *allowed)
{
    char text[VALUE_TEXT_MAX];
    if (r->refusals->is_chinese)
        allowed = chinese_format(allowed);
    if (json_object_get(r->object, entry_key_name(key)))
        entry_refuse(r->refusals, key, -EINVAL, "%s: '%.80s' (allowed: %s)", word(r, key),
                     value_text(r, key, text), allowed);
    else
        entry_refuse(r->refusals, key, -EINVAL, "%s (allowed: %s)", word(r, key),
                     allowed);
    return -EINVAL;
}

static int read_text(const struct reader *r, enum entry_key key, char *ret)
{
    const json_t *value = json_object_get(r->object, entry_key_name(key));
    const char *text = json_string_value(value);
    if (!text || !*text || strlen(text) >= GW_NAME_MAX)
        return refuse(r, key, "an id or a title");
    text_copy(ret, GW_NAME_MAX, text);
    return 0;
}

static int read_class(const struct reader *r, enum entry_key key)
{
    return read_text(r, key, r->entry->class_id);
}

static int read_subject(const struct reader *r, enum entry_key key)
{
    return read_text(r, key, r->entry->subject);
}

static int read_place(const struct reader *r, enum entry_key key)
{
    return read_text(r, key, r->entry->place);
}

/* is_short_year - folded @text would be a day if its year had four digits: 26-11-23. */
static bool is_short_year(const char *text)
{
    char whole[VALUE_TEXT_MAX + sizeof("20")];
    int64_t ignored = 0;
    (void)snprintf(whole, sizeof(whole), "20%s", text);
    return civil_read(whole, &ignored) == 0;
}

/* refuse_day - a form that is good says which day there is not. */
static int refuse_day(const struct reader *r, enum entry_key key, const char *text)
{
    char folded[VALUE_TEXT_MAX];
    struct civil_date date;
    text_fold(text, folded, sizeof(folded));
    if (is_short_year(folded))
        return refuse(r, key, "a year of four digits, such as 2026-11-23");
    if (!civil_scan(folded, &date) || date.month < 0 || date.day < 1)
        return refuse(r, key, "a day such as 2026-11-23");
    bool is_month = date.month >= 1 && date.month <= 12;
    int days = is_month ? civil_month_days(date.year, date.month) : 0;
    if (is_month && date.day <= days)
        return refuse(r, key, "a day such as 2026-11-23");
    if (is_month)
        entry_refuse(r->refusals, key, -EINVAL,
                     "%s: '%.80s' is no day, %d-%02d has %d days (allowed: a day such as "
                     "2026-11-23)",
                     word(r, key), text, date.year, date.month, days);
    else
        entry_refuse(r->refusals, key, -EINVAL,
                     "%s: '%.80s' is no day, there is no month %d (allowed: a day such "
                     "as 2026-11-23)",
                     word(r, key), text, date.month);
    return -EINVAL;
}

static int read_date(const struct reader *r, enum entry_key key, int64_t *ret)
{
    char text[VALUE_TEXT_MAX]; /* 20261124 is a number */
    return civil_read(value_text(r, key, text), ret) == 0 ? 0 : refuse_day(r, key, text);
}

static int read_day(const struct reader *r, enum entry_key key)
{
    return read_date(r, key, &r->entry->day);
}

static int read_with_day(const struct reader *r, enum entry_key key)
{
    return read_date(r, key, &r->entry->with_day);
}

static int read_uint(const struct reader *r, enum entry_key key, int min, int max,
                     uint32_t *ret)
{
    char text[VALUE_TEXT_MAX];
    const json_t *value = json_object_get(r->object, entry_key_name(key));
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < min || number > max)
        entry_refuse(r->refusals, key, -EINVAL,
                     "%s: '%.80s' (allowed: a whole number %d .. %d)", word(r, key),
                     value_text(r, key, text), min, max);
    else
        *ret = (uint32_t)number;
    return json_is_integer(value) && number >= min && number <= max ? 0 : -EINVAL;
}

/* read_number - of a lesson, as a number or as people write it: 第五节. */
static int read_number(const struct reader *r, enum entry_key key, uint32_t *ret)
{
    char folded[NAME_MAX_BYTES];
    const char *text = json_string_value(json_object_get(r->object, entry_key_name(key)));
    text_fold(text ? text : "", folded, sizeof(folded));
    int number = name_number(folded);
    if (number < 1 || number > TIMETABLE_LESSONS_MAX)
        return read_uint(r, key, 1, TIMETABLE_LESSONS_MAX, ret);
    *ret = (uint32_t)number;
    return 0;
}

static int read_lesson(const struct reader *r, enum entry_key key)
{
    return read_number(r, key, &r->entry->lesson);
}

static int read_with(const struct reader *r, enum entry_key key)
{
    return read_number(r, key, &r->entry->with);
}

static int read_count(const struct reader *r, enum entry_key key)
{
    return read_uint(r, key, 0, DAY_BOOK_PUPILS_MAX, &r->entry->count);
}

static int read_undo(const struct reader *r, enum entry_key key)
{
    const json_t *value = json_object_get(r->object, entry_key_name(key));
    r->entry->is_undo = json_is_true(value);
    return json_is_boolean(value) ? 0 : refuse(r, key, "true, false");
}

static int read_reason(const struct reader *r, enum entry_key key)
{
    const char *text = json_string_value(json_object_get(r->object, entry_key_name(key)));
    for (size_t i = 0; text && i < sizeof(exempt_words) / sizeof(exempt_words[0]); i++)
        if (strcmp(exempt_words[i], text) == 0)
            r->entry->bits = 1u << i;
    return r->entry->bits ? 0 : refuse(r, key, "rain, pollution");
}

/* "08:20", also 8:20 and 8:20:00 as spreadsheets have it. */
static bool scan_clock(const char *folded, int *ret_hour, int *ret_minute)
{
    static const char *const forms[] = {"%2d:%2d%n", "%2d:%2d:00%n"};
    bool is_plain = strspn(folded, "0123456789:") == strlen(folded);
    for (size_t i = 0; is_plain && i < sizeof(forms) / sizeof(forms[0]); i++) {
        int size = 0;
        if (sscanf(folded, forms[i], ret_hour, ret_minute, &size) == 2 && size
            && !folded[size])
            return true;
    }
    return false;
}

/* "24:00" is the end of the day. */
static int read_clock(const struct reader *r, enum entry_key key, int32_t *ret)
{
    const char *text = json_string_value(json_object_get(r->object, entry_key_name(key)));
    char folded[VALUE_TEXT_MAX] = "";
    int hour = 0;
    int minute = 0;
    if (text)
        text_fold(text, folded, sizeof(folded));
    if (!scan_clock(folded, &hour, &minute))
        return refuse(r, key, "a time such as 08:20");
    int32_t second_s = hour * 3600 + minute * 60;
    if (minute >= 60 || second_s > CIVIL_DAY_S)
        return refuse(r, key, "00:00 .. 24:00");
    *ret = second_s;
    return 0;
}

static int read_from(const struct reader *r, enum entry_key key)
{
    return read_clock(r, key, &r->entry->from_s);
}

static int read_until(const struct reader *r, enum entry_key key)
{
    return read_clock(r, key, &r->entry->until_s);
}

/* Bits of a key: the kinds of entry that may have it, and need it unless undone. */
#define OF(kind) (1u << (kind))
static const struct key {
    unsigned allowed;
    unsigned needed;
    int (*read)(const struct reader *r, enum entry_key key);
} keys[ENTRY_KEYS] = {
    [ENTRY_KEY_CLASS] = {OF(ENTRY_LEAVE) | OF(ENTRY_ATTENDANCE) | OF(ENTRY_SWAP),
                         OF(ENTRY_LEAVE) | OF(ENTRY_ATTENDANCE) | OF(ENTRY_SWAP),
                         read_class},
    [ENTRY_KEY_DAY] = {~0u, 0, read_day},
    [ENTRY_KEY_COUNT] = {OF(ENTRY_LEAVE) | OF(ENTRY_ATTENDANCE), 0, read_count},
    [ENTRY_KEY_LESSON] = {OF(ENTRY_SWAP), OF(ENTRY_SWAP), read_lesson},
    [ENTRY_KEY_WITH] = {OF(ENTRY_SWAP), 0, read_with},
    [ENTRY_KEY_WITH_DAY] = {OF(ENTRY_SWAP), 0, read_with_day},
    [ENTRY_KEY_SUBJECT] = {OF(ENTRY_SWAP), 0, read_subject},
    [ENTRY_KEY_PLACE] = {OF(ENTRY_SWAP), 0, read_place},
    [ENTRY_KEY_REASON] = {OF(ENTRY_EXEMPT), OF(ENTRY_EXEMPT), read_reason},
    [ENTRY_KEY_FROM] = {OF(ENTRY_EXEMPT), 0, read_from},
    [ENTRY_KEY_UNTIL] = {OF(ENTRY_EXEMPT), 0, read_until},
    [ENTRY_KEY_UNDO] = {~0u, 0, read_undo},
};

static const struct {
    const char *name;
    const char *chinese;
} names[ENTRY_KINDS] = {
    [ENTRY_LEAVE] = {"leave", "请假"},
    [ENTRY_ATTENDANCE] = {"attendance", "到校"},
    [ENTRY_SWAP] = {"swap-lesson", "调课"},
    [ENTRY_EXEMPT] = {"exempt", "免户外"},
};

const char *entry_name(enum entry_kind kind)
{
    return names[kind].name;
}

const char *entry_word(enum entry_kind kind, bool is_chinese)
{
    return is_chinese ? names[kind].chinese : names[kind].name;
}

static const char *kind_word(const struct reader *r)
{
    return entry_word(r->entry->kind, r->refusals->is_chinese);
}

static enum entry_kind find_kind(const char *name)
{
    int kind = 0;
    while (kind < ENTRY_KINDS && (!name || strcmp(names[kind].name, name) != 0))
        kind++;
    return (enum entry_kind)kind;
}

/* A word that means nothing stays, for the refusal to name. */
static void rename_value(json_t *object, enum entry_key key)
{
    const char *name = entry_key_name(key);
    const char *text = json_string_value(json_object_get(object, name));
    const char *value = text ? entry_meaning(key, text) : NULL;
    if (value)
        (void)json_object_set_new(object, name,
                                  key == ENTRY_KEY_UNDO ? entry_undo_json(value)
                                                        : json_string(value));
}

void entry_rename(json_t *object)
{
    for (int i = 0; i < ENTRY_KEYS; i++) {
        const char *name = entry_key_name((enum entry_key)i);
        const char *chinese = entry_key_word((enum entry_key)i, true);
        json_t *value = json_object_get(object, chinese);
        if (!value || json_object_get(object, name))
            continue;
        (void)json_object_set(object, name, value);
        (void)json_object_del(object, chinese);
    }
    rename_value(object, ENTRY_KEY_DO);
    rename_value(object, ENTRY_KEY_REASON);
    rename_value(object, ENTRY_KEY_UNDO);
}

bool entry_is_name(const char *name)
{
    return find_kind(name) != ENTRY_KINDS;
}

static enum entry_key find_key(const char *name)
{
    int key = 0;
    while (key < ENTRY_KEYS && strcmp(entry_key_name((enum entry_key)key), name) != 0)
        key++;
    return (enum entry_key)key;
}

static bool is_accepted(const char *key, const char *const *accept)
{
    for (size_t i = 0; accept && accept[i]; i++)
        if (strcmp(accept[i], key) == 0)
            return true;
    return strcmp(key, entry_key_name(ENTRY_KEY_DO)) == 0;
}

static bool belongs(const struct reader *r, enum entry_key key)
{
    return key != ENTRY_KEYS && r->entry->kind != ENTRY_KINDS
           && (keys[key].allowed & OF(r->entry->kind));
}

static void check_keys(const struct reader *r, const char *const *accept)
{
    const char *name = NULL;
    json_t *ignored = NULL;
    json_object_foreach((json_t *)r->object, name, ignored)
    {
        enum entry_key key = find_key(name);
        if (belongs(r, key) || is_accepted(name, accept))
            continue;
        bool is_known = key != ENTRY_KEYS;
        entry_refuse(r->refusals, is_known ? key : ENTRY_KEY_DO, -EINVAL,
                     "'%.80s' does not belong to %s", is_known ? word(r, key) : name,
                     kind_word(r));
    }
}

/* says - the entry has @key, be it well or badly; "undo": false says nothing. */
static bool says(const struct reader *r, enum entry_key key)
{
    const json_t *value = json_object_get(r->object, entry_key_name(key));
    return (r->entry->faulty >> key & 1) || (value && !json_is_false(value));
}

/* check_count - a number, or that there is none. */
static void check_count(const struct reader *r)
{
    bool has_count = says(r, ENTRY_KEY_COUNT);
    if (has_count != says(r, ENTRY_KEY_UNDO))
        return;
    if (has_count)
        entry_refuse(r->refusals, ENTRY_KEY_COUNT, -EINVAL,
                     "%s has both count and undo (allowed: one of them)", kind_word(r));
    else
        entry_refuse(r->refusals, ENTRY_KEY_COUNT, -EINVAL,
                     "%s is missing (allowed: a whole number %d .. %d, or undo)",
                     word(r, ENTRY_KEY_COUNT), 0, DAY_BOOK_PUPILS_MAX);
}

/* check_whole - what the keys must say together. */
static void check_whole(const struct reader *r)
{
    const struct campus_entry *e = r->entry;
    bool is_count = e->kind == ENTRY_LEAVE || e->kind == ENTRY_ATTENDANCE;
    if (is_count)
        check_count(r);
    int kinds =
        says(r, ENTRY_KEY_WITH) + says(r, ENTRY_KEY_SUBJECT) + says(r, ENTRY_KEY_UNDO);
    bool is_alone = kinds == 0 && says(r, ENTRY_KEY_PLACE); /* is told below */
    if (e->kind == ENTRY_SWAP && kinds > 1)
        entry_refuse(r->refusals, ENTRY_KEY_DO, -EINVAL,
                     "swap-lesson has several of with, subject, undo (allowed: one of "
                     "them)");
    else if (e->kind == ENTRY_SWAP && kinds == 0 && !is_alone)
        entry_refuse(r->refusals, ENTRY_KEY_DO, -EINVAL,
                     "swap-lesson (allowed: one of with, subject, undo)");
    if (says(r, ENTRY_KEY_WITH_DAY) && !says(r, ENTRY_KEY_WITH))
        entry_refuse(r->refusals, ENTRY_KEY_WITH_DAY, -EINVAL,
                     "with_day (allowed: beside with)");
    if (says(r, ENTRY_KEY_PLACE) && !says(r, ENTRY_KEY_SUBJECT))
        entry_refuse(r->refusals, ENTRY_KEY_PLACE, -EINVAL,
                     "place (allowed: beside subject)");
    if (e->until_s >= 0 && e->until_s <= (e->from_s < 0 ? 0 : e->from_s))
        entry_refuse(r->refusals, ENTRY_KEY_UNTIL, -EINVAL,
                     "until %02d:%02d (allowed: after from, %02d:%02d)",
                     (int)e->until_s / 3600, (int)e->until_s / 60 % 60,
                     (int)(e->from_s < 0 ? 0 : e->from_s) / 3600,
                     (int)(e->from_s < 0 ? 0 : e->from_s) / 60 % 60);
}

static void read_keys(const struct reader *r)
{
    for (int i = 0; i < ENTRY_KEYS; i++) {
        enum entry_key key = (enum entry_key)i;
        struct campus_entry *entry = r->entry;
        bool is_written = json_object_get(r->object, entry_key_name(key)) != NULL;
        bool is_needed =
            entry->kind != ENTRY_KINDS && (keys[key].needed & OF(entry->kind));
        if (entry->kind != ENTRY_KINDS && !belongs(r, key))
            continue; /* is told, whatever it says */
        if (keys[key].read && is_written && keys[key].read(r, key) < 0)
            entry->faulty |= 1u << key;
        else if (is_needed && !says(r, key))
            entry_refuse(r->refusals, key, -EINVAL, "%s needs %s", kind_word(r),
                         word(r, key));
    }
}

int entry_read_all(const json_t *object, const char *const *accept, unsigned faulty,
                   struct campus_entry *ret, struct entry_refusals *refusals)
{
    *ret = (struct campus_entry){
        .kind = find_kind(json_string_value(json_object_get(object, "do"))),
        .day = ENTRY_TODAY,
        .with_day = ENTRY_TODAY,
        .from_s = -1,
        .until_s = -1,
        .faulty = faulty,
        .is_chinese = refusals->is_chinese};
    const struct reader r = {object, ret, refusals};
    if (ret->kind == ENTRY_KINDS && !(faulty >> ENTRY_KEY_DO & 1))
        (void)refuse(&r, ENTRY_KEY_DO, "leave, attendance, swap-lesson, exempt");
    if (ret->kind != ENTRY_KINDS)
        check_keys(&r, accept);
    read_keys(&r);
    if (ret->kind != ENTRY_KINDS)
        check_whole(&r);
    if (refusals->count > 0)
        ret->faulty |= 1u << ENTRY_KEY_DO; /* also where only the whole makes no sense */
    return ret->faulty ? -EINVAL : 0;
}

int entry_read(const json_t *object, const char *const *accept, struct campus_entry *ret,
               struct gw_error *err)
{
    struct campus_entry entry;
    struct entry_refusals refusals = {0};
    (void)entry_read_all(object, accept, 0, &entry, &refusals);
    if (refusals.count > 0)
        return entry_refused(&refusals, err);
    *ret = entry;
    return 0;
}
