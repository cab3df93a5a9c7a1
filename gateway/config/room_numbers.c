#include "config/room_numbers.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "config/naming.h"
#include "config/room_doubts.h"

/* ROWS_MIN: so many rows agree before another one is odd. */
enum { FLOOR_NONE = INT_MIN, FLOOR_MAX = 99, ROWS_MIN = 3 };

/* numeral - 二, 十二, 二十, 12; 0 = none. */
static int numeral(const char **text)
{
    if (**text < '0' || **text > '9')
        return text_numeral(text, FLOOR_MAX);
    char *end = NULL;
    int number = (int)(strtol(*text, &end, 10) % INT_MAX);
    *text = end;
    return number;
}

/* floor_of - below the ground less than 0; FLOOR_NONE = @text is no floor. */
static int floor_of(const char *text)
{
    static const char *const below[] = {"负", "地下", "b", "-"};
    char folded[SHEET_FOLDED_MAX];
    const char *at = folded;
    bool is_below = false;
    text_fold(text, folded, sizeof(folded));
    (void)text_skip(&at, "第");
    for (size_t i = 0; i < sizeof(below) / sizeof(below[0]) && !is_below; i++)
        is_below = text_skip(&at, below[i]);
    (void)text_skip(&at, "f"); /* F2 */
    int number = numeral(&at);
    if (!text_skip(&at, "层") && !text_skip(&at, "楼"))
        (void)text_skip(&at, "f");
    if (number < 1 || number > FLOOR_MAX || *at)
        return FLOOR_NONE;
    return is_below ? -number : number;
}

bool room_is_floor(const char *text)
{
    return floor_of(text) != FLOOR_NONE;
}

/* number_of - where the last digits of @text begin; empty = it has none. */
static const char *number_of(const char *text)
{
    static const char digits[] = "0123456789";
    const char *last = text + strlen(text);
    for (const char *at = text + strcspn(text, digits); *at; at += strcspn(at, digits)) {
        last = at;
        at += strspn(at, digits);
    }
    return last;
}

static size_t digits_of(const char *number)
{
    return strspn(number, "0123456789");
}

static bool is_same_number(const char *a, const char *b)
{
    return digits_of(a) == digits_of(b) && strncmp(a, b, digits_of(a)) == 0;
}

/* room - what a row says. */
struct room {
    const char *id;
    const char *title;
    const char *building;
    const char *floor;
    const char *id_number;
    const char *title_number;
};

static struct room room_of(const struct sheet *s, const struct csv_row *row)
{
    struct room ret = {.id = sheet_cell(s, row, ROOM_ID).text,
                       .title = sheet_cell(s, row, ROOM_TITLE).text,
                       .building = sheet_cell(s, row, ROOM_BUILDING).text,
                       .floor = sheet_cell(s, row, ROOM_FLOOR).text};
    ret.id_number = number_of(ret.id);
    ret.title_number = number_of(ret.title);
    return ret;
}

static bool has_both(const struct room *room)
{
    return *room->id_number && *room->title_number;
}

static bool is_titled_so(const struct room *room)
{
    return is_same_number(room->id_number, room->title_number);
}

/* is_alike - the ids are the same but for their numbers: p-101, p-102. */
static bool is_alike(const struct room *a, const struct room *b)
{
    size_t size = (size_t)(a->id_number - a->id);
    return size == (size_t)(b->id_number - b->id) && strncmp(a->id, b->id, size) == 0;
}

/* has_floor - and a number that says one, 2 of 203; else nobody can tell. */
static bool has_floor(const struct room *room, int *ret_by_number)
{
    enum { DIGITS_MIN = 3, DIGITS_MAX = 4, ROOMS = 100 };
    const char *number = *room->id_number ? room->id_number : room->title_number;
    size_t digits = digits_of(number);
    if (digits < DIGITS_MIN || digits > DIGITS_MAX || !room_is_floor(room->floor)
        || (has_both(room) && !is_titled_so(room)))
        return false;
    *ret_by_number = (int)(strtol(number, NULL, 10) / ROOMS);
    return true;
}

/* are_exchanged - each has in its name the number that the other has in its id. */
static bool are_exchanged(const struct room *a, const struct room *b)
{
    return is_same_number(a->id_number, b->title_number)
           && is_same_number(b->id_number, a->title_number);
}

/* is_titled - the rows that are like @room have the same number in id and name; where
 * that of two was exchanged, most of them. */
static bool is_titled(const struct sheet *s, const struct room *room)
{
    size_t same = 0;
    size_t other = 0;
    bool has_partner = false;
    for (size_t i = 1; i < s->csv->count; i++) {
        const struct room its = room_of(s, &s->csv->rows[i]);
        if (!has_both(&its) || !is_alike(&its, room))
            continue;
        same += is_titled_so(&its);
        other += !is_titled_so(&its);
        has_partner |= are_exchanged(&its, room);
    }
    return same >= ROWS_MIN && same > (has_partner ? 1 : 2) * other;
}

/* is_numbered - the rooms of the building of @room are numbered by their floors; of a
 * building in which as many are as are not, those of the school. */
static bool is_numbered(const struct sheet *s, const struct room *room)
{
    size_t same[] = {0, 0};
    size_t other[] = {0, 0};
    for (size_t i = 1; i < s->csv->count; i++) {
        const struct room its = room_of(s, &s->csv->rows[i]);
        bool is_here = strcmp(its.building, room->building) == 0;
        int floor = 0;
        if (!has_floor(&its, &floor))
            continue;
        same[is_here] += floor_of(its.floor) == floor;
        other[is_here] += floor_of(its.floor) != floor;
    }
    const size_t all = same[0] + same[1];
    bool is_usual = same[1] >= other[1] && all > 2 * (other[0] + other[1]);
    return same[1] >= ROWS_MIN && (same[1] > 2 * other[1] || is_usual);
}

/* count_of - rows with @floor, letter by letter. */
static size_t count_of(const struct sheet *s, const char *floor)
{
    size_t count = 0;
    for (size_t i = 1; i < s->csv->count; i++)
        count += strcmp(sheet_cell(s, &s->csv->rows[i], ROOM_FLOOR).text, floor) == 0;
    return count;
}

static bool is_building(const struct sheet *s, const char *text)
{
    for (size_t i = 1; i < s->csv->count; i++)
        if (strcmp(sheet_cell(s, &s->csv->rows[i], ROOM_BUILDING).text, text) == 0)
            return true;
    return false;
}

/* is_meant - @floor, another word, is the floor @text, or @text is no floor and begins
 * with it: 二层层. */
static bool is_meant(const char *text, const char *floor)
{
    size_t size = strlen(floor);
    return room_is_floor(text) ? floor_of(text) == floor_of(floor)
                               : room_is_floor(floor) && strncmp(text, floor, size) == 0
                                     && (strcmp(text + size, "层") == 0
                                         || strcmp(text + size, "楼") == 0);
}

/* check_place - the building where the others have a floor.  returns false: it is not so
 */
static bool check_place(const struct sheet *s, const struct csv_row *row)
{
    const char *text = sheet_cell(s, row, ROOM_FLOOR).text;
    if (!text[0] || room_is_floor(text) || !is_building(s, text))
        return false;
    for (size_t i = 1; i < s->csv->count; i++) {
        const char *other = sheet_cell(s, &s->csv->rows[i], ROOM_FLOOR).text;
        if (!room_is_floor(other) || count_of(s, other) <= count_of(s, text))
            continue;
        sheet_warning(s, row, ROOM_FLOOR,
                      "'%s' is a building, and the floors of other rows are such as '%s' "
                      "(wanted: a floor)",
                      text, other);
        return true;
    }
    return false;
}

/* right_id - @id with digits for letters beside digits that look like them: a-1O1. */
static void right_id(const char *id, char ret[GW_ID_MAX])
{
    const size_t size = strnlen(id, GW_ID_MAX - 1);
    memcpy(ret, id, size);
    ret[size] = '\0';
    for (size_t i = 1; i < size; i++) {
        if (!isdigit((unsigned char)ret[i - 1]))
            continue;
        if (strchr("Oo", id[i]))
            ret[i] = '0';
        else if (strchr("Il", id[i]))
            ret[i] = '1';
    }
}

/* alike - how many other ids are like @id but for their numbers. */
static size_t alike(const struct sheet *s, const struct csv_row *row, const char *id)
{
    size_t count = 0;
    for (size_t i = 1; i < s->csv->count; i++)
        count += &s->csv->rows[i] != row
                 && naming_is_alike(sheet_cell(s, &s->csv->rows[i], ROOM_ID).text, id);
    return count;
}

/* heads - how many other ids with a number begin as @room's does before it, and of those
 * that do but for capitals the first. */
static size_t heads(const struct sheet *s, const struct csv_row *row,
                    const struct room *room, size_t *ret_other, struct room *ret_first)
{
    const size_t size = (size_t)(room->id_number - room->id);
    size_t same = 0;
    *ret_other = 0;
    for (size_t i = 1; i < s->csv->count; i++) {
        const struct room its = room_of(s, &s->csv->rows[i]);
        if (&s->csv->rows[i] == row || !*its.id_number
            || (size_t)(its.id_number - its.id) != size
            || strncasecmp(its.id, room->id, size) != 0)
            continue;
        if (strncmp(its.id, room->id, size) == 0)
            same++;
        else if ((*ret_other)++ == 0)
            *ret_first = its;
    }
    return same;
}

/* check_id - a letter for a digit, or a capital, where the other ids have none.  returns
 * false: it is not so */
static bool check_id(const struct sheet *s, const struct csv_row *row)
{
    const struct room room = room_of(s, row);
    struct room first = {0};
    size_t others = 0;
    char right[GW_ID_MAX];
    right_id(room.id, right);
    bool is_odd = strcmp(right, room.id) != 0 && alike(s, row, room.id) == 0
                  && alike(s, row, right) >= ROWS_MIN;
    if (!is_odd && *room.id_number && heads(s, row, &room, &others, &first) == 0
        && others >= ROWS_MIN) {
        memcpy(right, first.id, (size_t)(room.id_number - room.id));
        is_odd = true;
    }
    if (is_odd)
        sheet_warning(s, row, ROOM_ID,
                      "'%s' is '%s' as the other ids are written (wanted: letters and "
                      "digits as there; leave it where it is meant)",
                      room.id, right);
    return is_odd;
}

/* check_head - b-206 in the building whose other ids begin with a-, and b- is another
 * one's.  returns false: it is not so */
static bool check_head(const struct sheet *s, const struct csv_row *row)
{
    const struct room room = room_of(s, row);
    struct room here = {0};
    struct room there = {0};
    size_t heres = 0;
    size_t theres = 0;
    for (size_t i = 1; *room.id_number && *room.building && i < s->csv->count; i++) {
        const struct room its = room_of(s, &s->csv->rows[i]);
        const bool is_here = strcmp(its.building, room.building) == 0;
        const bool is_same = is_alike(&its, &room);
        if (&s->csv->rows[i] == row || !*its.id_number || (!is_here && !is_same))
            continue;
        if (is_here && is_same)
            return false;
        struct room *of = is_here ? &here : &there;
        if (of->id
            && (is_here ? !is_alike(of, &its) : strcmp(of->building, its.building) != 0))
            return false;
        *of = its;
        heres += is_here;
        theres += !is_here;
    }
    if (heres < ROWS_MIN || theres < ROWS_MIN || !*there.building)
        return false;
    sheet_warning(
        s, row, ROOM_ID,
        "'%s' begins as the ids of building '%s', and stands in '%s', whose "
        "others begin with '%.*s' (wanted: the same; leave it where it is meant)",
        room.id, there.building, room.building, (int)(here.id_number - here.id), here.id);
    return true;
}

/* check_bare - the sign of a floor and no number, where others have one.  returns false:
 * it is not so */
static bool check_bare(const struct sheet *s, const struct csv_row *row)
{
    const char *text = sheet_cell(s, row, ROOM_FLOOR).text;
    if (strcmp(text, "层") != 0 && strcmp(text, "楼") != 0)
        return false;
    for (size_t i = 1; i < s->csv->count; i++) {
        const char *other = sheet_cell(s, &s->csv->rows[i], ROOM_FLOOR).text;
        if (!room_is_floor(other))
            continue;
        sheet_warning(s, row, ROOM_FLOOR,
                      "'%s' says no floor, and the floors of other rows are such as '%s' "
                      "(wanted: a floor)",
                      text, other);
        return true;
    }
    return false;
}

void room_numbers_row(const struct sheet *s, const struct csv_row *row)
{
    const struct room room = room_of(s, row);
    int floor = 0;
    if (check_place(s, row) || check_bare(s, row) || check_id(s, row)
        || check_head(s, row))
        return;
    if (has_both(&room) && !is_titled_so(&room) && is_titled(s, &room))
        sheet_warning(s, row, ROOM_TITLE,
                      "'%s' is room %.*s by its id and room %.*s by its name (wanted: "
                      "the same number)",
                      room.id, (int)digits_of(room.id_number), room.id_number,
                      (int)digits_of(room.title_number), room.title_number);
    if (has_floor(&room, &floor) && floor_of(room.floor) != floor
        && is_numbered(s, &room))
        sheet_warning(s, row, ROOM_FLOOR,
                      "room '%s' is on floor %d by its number, and '%s' stands here "
                      "(wanted: the floor of the number)",
                      room.id, floor, room.floor);
}

/* check_word - 二楼 where more rows say 二层: who looks for one does not find the other.
 * returns true: that was told */
static bool check_word(const struct sheet *s, const struct csv_row *row)
{
    const char *text = sheet_cell(s, row, ROOM_FLOOR).text;
    const size_t own = count_of(s, text);
    const struct room room = room_of(s, row);
    int floor = 0;
    if (has_floor(&room, &floor) && floor_of(text) != floor && is_numbered(s, &room))
        return false; /* it is another floor, and was told */
    for (size_t i = 1; text[0] && i < s->csv->count; i++) {
        const char *other = sheet_cell(s, &s->csv->rows[i], ROOM_FLOOR).text;
        const size_t others = count_of(s, other);
        if (others <= own || strcmp(text, other) == 0 || !is_meant(text, other))
            continue;
        sheet_warning(s, row, ROOM_FLOOR,
                      "floor '%s' is '%s' in %zu other rows (wanted: one word for both)",
                      text, other, others);
        return true;
    }
    return false;
}

void room_numbers_words(const struct sheet *s)
{
    for (size_t i = 1; i < s->csv->count; i++)
        if (check_word(s, &s->csv->rows[i]))
            return;
}
