#include "config/class_doubts.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/grade.h"
#include "config/naming.h"
#include "config/node.h"

bool class_is_year(int named, int grade)
{
    return named <= 3 && grade > 6 && (grade - 1) % 3 + 1 == named;
}

int class_grade(const struct sheet *s, const struct csv_row *row)
{
    char folded[SHEET_FOLDED_MAX];
    const char *rest = NULL;
    text_fold(sheet_cell(s, row, CLASS_GRADE).text, folded, sizeof(folded));
    int grade = grade_read(folded, &rest);
    text_fold(sheet_cell(s, row, CLASS_TITLE).text, folded, sizeof(folded));
    int named = grade_read(folded, &rest);
    if (!strstr(folded, "年级") && *rest != '(')
        named = 0;
    if (grade > 0 && named > 0 && grade != named && !class_is_year(named, grade))
        return 0;
    return grade > 0 ? grade : named;
}

/* is_unlike - 2026-P-3 or 2026-P-003, where the others have two digits for such a number.
 */
static bool is_unlike(const struct sheet *s, const char *id)
{
    enum { OTHERS_MIN = 3, ONE_DIGIT = 10 };
    size_t others = 0;
    int number = naming_number(id);
    for (size_t i = 1; number > 0 && number < ONE_DIGIT && i < s->csv->count; i++) {
        const char *other = sheet_cell(s, &s->csv->rows[i], CLASS_ID).text;
        int its = naming_number(other);
        if (strcmp(other, id) == 0 || its <= 0 || its >= ONE_DIGIT)
            continue;
        if (strlen(other) == strlen(id))
            return false;
        others++;
    }
    return others >= OTHERS_MIN;
}

/* is_short - 26-P-01 or 2026-P-0: numbers and the letter of a stage, and no id by the
 * year of entry. */
static bool is_short(const char *id)
{
    static const char digits[] = "0123456789";
    const size_t year = strspn(id, digits);
    const char *at = id + year;
    if (year == 0 || at[0] != '-' || !at[1] || !strchr("PJS", at[1]) || at[2] != '-')
        return false;
    const size_t number = strspn(at + 3, digits);
    return number > 0 && !at[3 + number] && naming_number(id) == 0;
}

bool class_is_odd(const struct sheet *s, const char *id)
{
    bool has_right = false;
    for (size_t i = 1; i < s->csv->count; i++)
        has_right |= naming_number(sheet_cell(s, &s->csv->rows[i], CLASS_ID).text) > 0;
    return has_right && (naming_is_odd(id) || is_short(id) || is_unlike(s, id));
}

/* is_grade - the whole of it. */
static bool is_grade(const char *folded)
{
    const char *rest = NULL;
    return grade_read(folded, &rest) > 0 && !*rest;
}

static bool is_number(const char *folded)
{
    return folded[0] && !folded[strspn(folded, "0123456789")];
}

/* homes - where a class may be at home, as far as it is known. */
struct homes {
    const struct node_list *places;
    bool are_lost; /* some of them */
};

static bool fits_id(const void *ctx, const char *text)
{
    (void)ctx;
    return config_is_id(text);
}

static bool fits_stage(const void *ctx, const char *text)
{
    (void)ctx;
    return roster_stage_of(text) != NULL;
}

static bool fits_grade(const void *ctx, const char *text)
{
    char folded[SHEET_FOLDED_MAX];
    (void)ctx;
    text_fold(text, folded, sizeof(folded));
    return is_grade(folded);
}

/* fits_number - also one with its unit. */
static bool fits_number(const void *ctx, const char *text)
{
    char folded[SHEET_FOLDED_MAX];
    (void)ctx;
    text_fold(text, folded, sizeof(folded));
    size_t digits = strspn(folded, "0123456789");
    return digits > 0 && (!folded[digits] || strcmp(folded + digits, "人") == 0);
}

static bool fits_staff(const void *ctx, const char *text)
{
    return fits_number(ctx, text) && strlen(text) == 1;
}

static bool fits_title(const void *ctx, const char *text)
{
    return !fits_number(ctx, text) && !fits_stage(ctx, text) && !fits_grade(ctx, text);
}

static bool fits_room(const void *ctx, const char *text)
{
    const struct homes *homes = ctx;
    char folded[SHEET_FOLDED_MAX];
    text_fold(text, folded, sizeof(folded));
    for (size_t i = 0; i < homes->places->count; i++)
        if (roster_is_called(homes->places->items[i], folded))
            return true;
    return homes->are_lost;
}

bool class_doubts_exchanged(const struct load *l, const struct sheet *s,
                            const struct node_list *places)
{
    static const struct column_trait traits[CLASS_COLUMNS] = {
        [CLASS_ID] = {.fits = fits_id, .is_unique = true},
        [CLASS_TITLE] = {.fits = fits_title, .is_unique = true},
        [CLASS_STAGE] = {.fits = fits_stage},
        [CLASS_GRADE] = {.fits = fits_grade},
        [CLASS_ROOM] = {.fits = fits_room, .is_unique = true},
        [CLASS_ENROLLED] = {.fits = fits_number},
        [CLASS_STAFF] = {.fits = fits_staff},
        [CLASS_LIMIT] = {.fits = fits_number},
    };
    const struct homes homes = {places, l->config->has_lost_rooms || !l->rooms};
    return sheet_are_exchanged(s, traits, &homes);
}

/* has_grade - by its column, its name or its id. */
static bool has_grade(const struct sheet *s, const struct csv_row *row)
{
    const char *id = sheet_cell(s, row, CLASS_ID).text;
    return sheet_cell(s, row, CLASS_GRADE).text[0] || class_grade(s, row) > 0
           || naming_grade(id) > 0 || naming_stage(id);
}

/* check_grades - of merged cells only the first row keeps its grade: classes of which
 * nothing else tells it, told once, where others have one. */
static void check_grades(const struct sheet *s)
{
    const struct csv_row *first = NULL;
    size_t without = 0;
    size_t with = 0;
    for (size_t i = 1; i < s->csv->count; i++) {
        const struct csv_row *row = &s->csv->rows[i];
        with += sheet_cell(s, row, CLASS_GRADE).text[0] != '\0';
        if (!config_is_id(sheet_cell(s, row, CLASS_ID).text) || has_grade(s, row))
            continue;
        first = first ? first : row;
        without++;
    }
    if (first && with > 0)
        sheet_warning(s, first, CLASS_GRADE,
                      "%zu classes have no grade, and others have one (wanted: it in "
                      "every row; of merged cells only the first keeps its text)",
                      without);
}

/* number_in - 0 = none. */
static uint32_t number_in(const struct sheet *s, const struct csv_row *row, size_t column)
{
    char folded[SHEET_FOLDED_MAX];
    text_fold(sheet_cell(s, row, column).text, folded, sizeof(folded));
    return is_number(folded) ? (uint32_t)strtoul(folded, NULL, 10) : 0;
}

static uint32_t enrolled(const struct sheet *s, const struct csv_row *row)
{
    return number_in(s, row, CLASS_ENROLLED);
}

static int by_size(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* check_pupils - a number below a third of what is usual here lacks a digit. */
static void check_pupils(const struct sheet *s)
{
    enum { CLASSES_MIN = 6, PART = 3 };
    uint32_t *numbers =
        arena_alloc(node_passing(s->src), s->csv->count * sizeof(*numbers));
    size_t count = 0;
    for (size_t i = 1; numbers && i < s->csv->count; i++) {
        numbers[count] = enrolled(s, &s->csv->rows[i]);
        count += numbers[count] > 0;
    }
    if (count < CLASSES_MIN)
        return;
    qsort(numbers, count, sizeof(*numbers), by_size);
    const uint32_t usual = numbers[count / 2];
    for (size_t i = 1; i < s->csv->count; i++) {
        const struct csv_row *row = &s->csv->rows[i];
        uint32_t number = enrolled(s, row);
        if (number > 0 && number < usual / PART)
            sheet_warning(s, row, CLASS_ENROLLED,
                          "class '%s' has %u pupils, and half of the classes have %u or "
                          "more (wanted: the number on the roster; leave it where it is "
                          "so)",
                          sheet_cell(s, row, CLASS_ID).text, (unsigned)number,
                          (unsigned)usual);
    }
}

/* stage_of - by its column or its grade; "" = unknown. */
static const char *stage_of(const struct sheet *s, const struct csv_row *row)
{
    const char *stage = roster_stage_of(sheet_cell(s, row, CLASS_STAGE).text);
    int grade = class_grade(s, row);
    return stage && !*stage && grade > 0 ? grade_stage(grade) : stage ? stage : "";
}

/* usual_limit - the one that all other classes of the stage have that have any; 0 = they
 * are few or have several. */
static uint32_t usual_limit(const struct sheet *s, const struct csv_row *row)
{
    enum { OTHERS_MIN = 5 };
    uint32_t usual = 0;
    size_t others = 0;
    for (size_t i = 1; i < s->csv->count; i++) {
        const struct csv_row *other = &s->csv->rows[i];
        uint32_t limit = number_in(s, other, CLASS_LIMIT);
        if (other == row || limit == 0
            || strcmp(stage_of(s, other), stage_of(s, row)) != 0)
            continue;
        if (usual > 0 && limit != usual)
            return 0;
        usual = limit;
        others++;
    }
    return others >= OTHERS_MIN ? usual : 0;
}

/* check_limits - 54 where all others say 45: a class may have a lower one, if it has no
 * more pupils, and a higher one where it has so many. */
static void check_limits(const struct sheet *s)
{
    for (size_t i = 1; s->at[CLASS_LIMIT] != SIZE_MAX && i < s->csv->count; i++) {
        const struct csv_row *row = &s->csv->rows[i];
        const uint32_t limit = number_in(s, row, CLASS_LIMIT);
        const uint32_t usual = limit > 0 ? usual_limit(s, row) : 0;
        const uint32_t pupils = enrolled(s, row);
        const bool is_low = pupils > limit && pupils <= 2 * limit; /* else told of it */
        if (usual > 0 && pupils <= usual && (limit > usual || is_low))
            sheet_warning(s, row, CLASS_LIMIT,
                          "class '%s' has a limit of %u, and all others of its stage %u "
                          "(wanted: the same; leave it where it is so)",
                          sheet_cell(s, row, CLASS_ID).text, (unsigned)limit,
                          (unsigned)usual);
    }
}

/* check_staff - 10 adults where all others have one or two: a digit too many. */
static void check_staff(const struct sheet *s)
{
    enum { OTHERS_MIN = 5, USUAL_MAX = 2, MANY = 6 };
    const struct csv_row *odd = NULL;
    size_t others = 0;
    size_t many = 0;
    for (size_t i = 1; s->at[CLASS_STAFF] != SIZE_MAX && i < s->csv->count; i++) {
        const struct csv_row *row = &s->csv->rows[i];
        const uint32_t staff = number_in(s, row, CLASS_STAFF);
        odd = staff >= MANY ? row : odd;
        many += staff > USUAL_MAX;
        others += staff > 0 && staff <= USUAL_MAX;
    }
    if (odd && many == 1 && others >= OTHERS_MIN)
        sheet_warning(
            s, odd, CLASS_STAFF,
            "class '%s' has %u adults, and all others %d at most (wanted: those "
            "usually in the room; leave it where it is so)",
            sheet_cell(s, odd, CLASS_ID).text, (unsigned)number_in(s, odd, CLASS_STAFF),
            USUAL_MAX);
}

void class_doubts_columns(const struct sheet *s)
{
    check_grades(s);
    check_limits(s);
    check_staff(s);
    check_pupils(s);
}

void class_doubts_numbers(const struct sheet *s)
{
    for (size_t i = 1; i < s->csv->count; i++) {
        char folded[SHEET_FOLDED_MAX];
        const struct csv_row *row = &s->csv->rows[i];
        const char *id = sheet_cell(s, row, CLASS_ID).text;
        text_fold(sheet_cell(s, row, CLASS_TITLE).text, folded, sizeof(folded));
        int number = naming_number(id);
        int titled = naming_title_number(folded);
        if (number > 0 && titled > 0 && number != titled)
            sheet_warning(s, row, CLASS_ID,
                          "'%s' is class %d by its id and class %d by its name (wanted: "
                          "the same number)",
                          id, number, titled);
    }
}
