#include "campus/day_notes.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "campus/civil.h"
#include "campus/day_book.h"
#include "campus/timetable.h"

enum { WORDS_MAX = 7 };

int day_notes_order(const struct day_note *a, const struct day_note *b)
{
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    int order = strcmp(a->class_id, b->class_id);
    return order != 0 ? order : (a->lesson > b->lesson) - (a->lesson < b->lesson);
}

size_t day_notes_from(const struct day_notes *n, const struct day_note *note)
{
    size_t low = 0;
    size_t high = n->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (day_notes_order(&n->items[middle], note) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t day_notes_day(const struct day_notes *n, int64_t day)
{
    const struct day_note first = {.day = (int32_t)day, .class_id = ""};
    return day_notes_from(n, &first);
}

static const char *or_dash(const char *text)
{
    return *text ? text : "-";
}

void day_note_print(struct strbuf *b, const struct day_note *note)
{
    switch (note->kind) {
    case NOTE_CLASS:
        strbuf_format(b, "class %s %d %d\n", note->class_id, note->leave, note->entered);
        break;
    case NOTE_CHANGE:
        strbuf_format(b, "lesson %s %d %s %s", note->class_id, note->lesson,
                      or_dash(note->subject), or_dash(note->place));
        if (note->origin_lesson > 0)
            strbuf_format(b, " %d %d", note->origin_day, note->origin_lesson);
        strbuf_add(b, "\n");
        break;
    default:
        strbuf_format(b, "%s %d %d %d%s%s\n", note->is_refusal ? "refuse" : "exempt",
                      note->bits, note->from_s, note->to_s, *note->origin ? " " : "",
                      note->origin);
        break;
    }
}

/* id - as configurations have them; "-" is none where @may_be_none. */
static bool read_id(const char *word, bool may_be_none, const char **ret)
{
    size_t size = strlen(word);
    if (may_be_none && strcmp(word, "-") == 0) {
        *ret = "";
        return true;
    }
    bool is_good = size > 0 && size < GW_ID_MAX && isalnum((unsigned char)word[0]);
    for (size_t i = 0; is_good && i < size; i++)
        is_good = isalnum((unsigned char)word[i]) || strchr("._-", word[i]);
    *ret = word;
    return is_good;
}

static bool read_number(const char *word, long min, long max, long *ret)
{
    char *end = NULL;
    errno = 0;
    *ret = strtol(word, &end, 10);
    return errno == 0 && end != word && !*end && *ret >= min && *ret <= max;
}

static bool parse_class(char *const words[], struct day_note *note)
{
    long leave = 0;
    long entered = 0;
    bool is_good = read_id(words[1], false, &note->class_id)
                   && read_number(words[2], -1, DAY_BOOK_PUPILS_MAX, &leave)
                   && read_number(words[3], -1, DAY_BOOK_PUPILS_MAX, &entered);
    note->leave = (int16_t)leave;
    note->entered = (int16_t)entered;
    return is_good && (leave >= 0 || entered >= 0);
}

static bool parse_change(char *const words[], struct day_note *note)
{
    long lesson = 0;
    bool is_good = read_id(words[1], false, &note->class_id)
                   && read_number(words[2], 1, TIMETABLE_LESSONS_MAX, &lesson)
                   && read_id(words[3], true, &note->subject)
                   && read_id(words[4], true, &note->place);
    note->lesson = (uint8_t)lesson;
    return is_good;
}

static bool parse_moved(char *const words[], struct day_note *note)
{
    long day = 0;
    long lesson = 0;
    bool is_good = read_number(words[5], INT32_MIN, INT32_MAX, &day)
                   && read_number(words[6], 1, TIMETABLE_LESSONS_MAX, &lesson);
    note->origin_day = (int32_t)day;
    note->origin_lesson = (uint8_t)lesson;
    return is_good && parse_change(words, note);
}

static bool parse_exempt(char *const words[], struct day_note *note)
{
    long bits = 0;
    long from_s = 0;
    long to_s = 0;
    bool is_good = read_number(words[1], 1, GW_EXEMPT_RAIN | GW_EXEMPT_POLLUTION, &bits)
                   && read_number(words[2], 0, CIVIL_DAY_S - 1, &from_s)
                   && read_number(words[3], from_s + 1, CIVIL_DAY_S, &to_s)
                   && bits != (GW_EXEMPT_RAIN | GW_EXEMPT_POLLUTION);
    note->bits = (uint8_t)bits;
    note->from_s = (int32_t)from_s;
    note->to_s = (int32_t)to_s;
    return is_good;
}

static bool parse_refusal(char *const words[], struct day_note *note)
{
    note->is_refusal = true;
    return parse_exempt(words, note);
}

/* RULE@OBJECT */
static bool parse_measured(char *const words[], struct day_note *note)
{
    const char *origin = words[4];
    note->origin = origin;
    for (const char *c = origin; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._-@", *c))
            return false;
    return *origin && strlen(origin) < DAY_BOOK_ORIGIN_MAX && parse_exempt(words, note);
}

int day_note_parse(char *line, struct day_note *ret)
{
    static const struct {
        const char *word;
        size_t words;
        enum note_kind kind;
        bool (*parse)(char *const words[], struct day_note *note);
    } forms[] = {{"class", 4, NOTE_CLASS, parse_class},
                 {"lesson", 5, NOTE_CHANGE, parse_change},
                 {"lesson", 7, NOTE_CHANGE, parse_moved},
                 {"exempt", 4, NOTE_EXEMPT, parse_exempt},
                 {"exempt", 5, NOTE_EXEMPT, parse_measured},
                 {"refuse", 4, NOTE_EXEMPT, parse_refusal}};
    char *words[WORDS_MAX + 1] = {line};
    size_t count = 0;
    for (char *next = line; next && count <= WORDS_MAX;)
        words[count++] = strsep(&next, " ");
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct day_note note = {.kind = (uint8_t)forms[i].kind,
                                .class_id = "",
                                .subject = "",
                                .place = "",
                                .origin = "",
                                .leave = -1,
                                .entered = -1};
        if (count != forms[i].words || strcmp(words[0], forms[i].word) != 0)
            continue;
        if (!forms[i].parse(words, &note))
            return -EINVAL;
        *ret = note;
        return 0;
    }
    return -EINVAL;
}
