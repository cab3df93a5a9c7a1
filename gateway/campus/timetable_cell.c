/* timetable_cell.c - the words in the cells of a timetable. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "campus/names.h"
#include "campus/namesakes.h"
#include "campus/timetable_read.h"
#include "config/sheet.h"
#include "config/suggest.h"

enum { TITLES_MAX = 240, WORD_MAX = CSV_CELL_MAX + 1 };

void week_fault(const struct week_reader *w, const struct csv_row *row, size_t column,
                const char *format, ...)
{
    va_list args;
    va_start(args, format);
    config_vfault(w->src->faults, csv_cell_at(row, column).mark,
                  csv_path(w->src, w->csv, row, column), false, format, args);
    va_end(args);
}

void week_warning(const struct week_reader *w, const struct csv_row *row, size_t column,
                  const char *format, ...)
{
    va_list args;
    va_start(args, format);
    config_vfault(w->src->faults, csv_cell_at(row, column).mark,
                  csv_path(w->src, w->csv, row, column), true, format, args);
    va_end(args);
}

enum week_column week_column(const char *text)
{
    static const struct {
        const char *word;
        enum week_column column;
    } words[] = {
        {"班级", WEEK_CLASS},     {"班", WEEK_CLASS},      {"class", WEEK_CLASS},
        {"星期", WEEK_WEEKDAY},   {"周几", WEEK_WEEKDAY},  {"weekday", WEEK_WEEKDAY},
        {"day", WEEK_WEEKDAY},    {"节次", WEEK_LESSON},   {"节", WEEK_LESSON},
        {"lesson", WEEK_LESSON},  {"period", WEEK_LESSON}, {"科目", WEEK_SUBJECT},
        {"课程", WEEK_SUBJECT},   {"学科", WEEK_SUBJECT},  {"subject", WEEK_SUBJECT},
        {"教室", WEEK_PLACE},     {"地点", WEEK_PLACE},    {"场所", WEEK_PLACE},
        {"上课地点", WEEK_PLACE}, {"room", WEEK_PLACE},    {"place", WEEK_PLACE},
        {"单双周", WEEK_WEEKS},   {"周次", WEEK_WEEKS},    {"weeks", WEEK_WEEKS},
    };
    char folded[NAME_MAX_BYTES];
    text_fold(text, folded, sizeof(folded));
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].word, folded) == 0)
            return words[i].column;
    return WEEK_NONE;
}

void week_suggest(struct suggest *near, const struct gw_text *title)
{
    if (title->zh)
        suggest_offer(near, title->zh);
    if (title->en)
        suggest_offer(near, title->en);
}

bool week_is_news(struct week_reader *w, const struct csv_row *row, size_t column,
                  const char *text)
{
    size_t i = 0;
    while (i < w->word_count && strcmp(w->words[i].text, text) != 0)
        i++;
    if (i == WEEK_WORDS_MAX)
        return true;
    struct week_word *word = &w->words[i];
    if (i == w->word_count) {
        *word = (struct week_word){.text = arena_string(w->src->arena, text)};
        if (!word->text)
            return true;
        w->word_count++;
    }
    if (++word->count == WEEK_TOLD_MAX + 1) {
        word->row = row;
        word->column = column;
    }
    return word->count <= WEEK_TOLD_MAX;
}

/* subject_titles - as many as fit, of campus.yaml's subjects. */
static const char *subject_titles(const struct week_reader *w, char ret[TITLES_MAX])
{
    size_t used = 0;
    (void)snprintf(ret, TITLES_MAX, "%s",
                   config_faults_say(w->src->faults, "a subject of campus.yaml"));
    for (size_t i = 0; i < w->c->subjects.count; i++) {
        const char *title = w->c->subjects.items[i].title.zh;
        if (used + strlen(title) + sizeof(", …") > TITLES_MAX) {
            (void)snprintf(ret + used, TITLES_MAX - used, "…");
            break;
        }
        used += (size_t)snprintf(ret + used, TITLES_MAX - used, "%s%s",
                                 used > 0 ? ", " : "", title);
    }
    return ret;
}

void week_repeated(const struct week_reader *w)
{
    for (size_t i = 0; i < w->word_count; i++)
        if (w->words[i].count > WEEK_TOLD_MAX && !w->words[i].text[0])
            week_fault(
                w, w->words[i].row, w->words[i].column,
                "no class stands in %zu more rows from here on (allowed: as at the "
                "first one above)",
                w->words[i].count - WEEK_TOLD_MAX);
        else if (w->words[i].count > WEEK_TOLD_MAX)
            week_fault(w, w->words[i].row, w->words[i].column,
                       "'%s' stands in %zu more cells from here on (allowed: as at the "
                       "first one above)",
                       w->words[i].text, w->words[i].count - WEEK_TOLD_MAX);
}

static void unknown_subject(struct week_reader *w, const struct csv_row *row,
                            size_t column, const char *text)
{
    if (!week_is_news(w, row, column, text))
        return;
    char titles[TITLES_MAX];
    struct suggest near = {.wanted = text};
    for (size_t i = 0; i < w->c->subjects.count; i++) {
        const struct subject *s = &w->c->subjects.items[i];
        suggest_offer(&near, s->id);
        week_suggest(&near, &s->title);
    }
    if (near.best)
        week_fault(w, row, column, "unknown subject '%s' (did you mean '%s'?)", text,
                   near.best);
    else
        week_fault(w, row, column,
                   "unknown subject '%s' (allowed: %s; no names of teachers; - = nothing "
                   "is taught)",
                   text, subject_titles(w, titles));
}

static void unknown_place(struct week_reader *w, const struct csv_row *row, size_t column,
                          const char *text)
{
    struct namesakes two;
    if (!week_is_news(w, row, column, text))
        return;
    if (namesakes_place(w->c, text, &two)) {
        week_fault(w, row, column,
                   "several places are called '%s', such as '%s' and '%s' (allowed: the "
                   "id)",
                   text, two.first, two.second);
        return;
    }
    struct suggest near = {.wanted = text};
    for (size_t i = 0; i < w->c->place_count; i++) {
        suggest_offer(&near, w->c->places[i].id);
        week_suggest(&near, &w->c->places[i].title);
    }
    if (near.best && strcmp(near.best, text) != 0)
        week_fault(w, row, column, "unknown place '%s' (did you mean '%s'?)", text,
                   near.best);
    else
        week_fault(w, row, column,
                   "unknown place '%s' (allowed: id of a place, or a title of one only)",
                   text);
}

static bool is_free_word(const char *folded)
{
    return strcmp(folded, "-") == 0 || strcmp(folded, "无") == 0
           || strcmp(folded, "—") == 0 || strcmp(folded, "——") == 0;
}

/* split - at the first of two forms of a sign, in place; returns what stands behind. */
static char *split(char *text, const char *narrow, const char *wide)
{
    char *sign = strstr(text, narrow);
    size_t size = strlen(narrow);
    if (!sign) {
        sign = strstr(text, wide);
        size = strlen(wide);
    }
    if (!sign)
        return NULL;
    *sign = '\0';
    return sign + size;
}

/* told_half - a lesson taught in a room is both: @subject, folded, or the @place behind
 * the sign is missing. */
static bool told_half(struct week_reader *w, const struct csv_row *row, size_t column,
                      const char *subject, const char *place)
{
    const char *text = csv_cell_at(row, column).text;
    if (!subject[0])
        week_fault(w, row, column,
                   "'%s' has a room and no subject before it (allowed: 音乐@music-room; "
                   "- = nothing is taught)",
                   text);
    else if (!place[strspn(place, " ")])
        week_fault(w, row, column,
                   "'%s' has no room behind the sign (allowed: 音乐@music-room; 音乐 "
                   "alone in the class's own room)",
                   text);
    else
        return false;
    return true;
}

/* read_half - "music", or "music@room": what odd or even weeks, or both, have. */
static bool read_half(struct week_reader *w, const struct csv_row *row,
                      const struct week_lesson *lesson, char *text,
                      struct lesson_cell *ret)
{
    char folded[NAME_MAX_BYTES];
    const char *at = split(text, "@", "＠");
    const char *place = at ? at : "";
    size_t place_column = lesson->subject;
    if (!at && lesson->place != SIZE_MAX) {
        place = csv_cell_at(row, lesson->place).text;
        place_column = lesson->place;
    }
    text_fold(text, folded, sizeof(folded));
    if (at && told_half(w, row, lesson->subject, folded, at))
        return false;
    if (!folded[0] || is_free_word(folded)) {
        *ret = (struct lesson_cell){.is_free = folded[0] != '\0'};
        return true;
    }
    uint32_t subject = text_map_get(w->c->subjects.names, folded);
    uint32_t room = *place ? name_get(w->c->place_names, place) : UINT32_MAX;
    bool is_known = !*place || room != UINT32_MAX;
    if (!is_known && w->config->has_lost_rooms)
        is_known = true; /* it may be the one whose row was told: lost with it */
    if (subject == UINT32_MAX)
        unknown_subject(w, row, lesson->subject, text);
    if (!is_known)
        unknown_place(w, row, place_column, place);
    if (subject == UINT32_MAX || !is_known)
        return false;
    *ret = (struct lesson_cell){.subject = (uint16_t)(subject + 1),
                                .place = (room != UINT32_MAX ? room + 1 : 0) & 0x7fff};
    return true;
}

/* put - one cell of the week, which must not be written already. */
static void put(struct week_reader *w, const struct csv_row *row,
                const struct week_lesson *lesson, bool is_even, struct lesson_cell cell)
{
    size_t i = timetable_index(lesson->class, lesson->weekday, lesson->number, is_even);
    struct timetable_mark *mark = &w->marks[i];
    if (mark->row > 0) {
        const struct csv_row *other = &w->csv->rows[mark->row - 1];
        struct config_mark where = csv_cell_at(other, mark->column).mark;
        week_fault(w, row, lesson->subject,
                   "class '%s' has this lesson also at %s:%d:%d (allowed: a lesson once)",
                   w->c->classes[lesson->class].id, where.file, where.line, where.column);
        return;
    }
    w->cells[i] = cell;
    *mark = (struct timetable_mark){.row = (uint16_t)(row - w->csv->rows + 1),
                                    .column = (uint16_t)lesson->subject};
}

/* tell_half_week - of "语文/" nobody knows what the even weeks have. */
static void tell_half_week(const struct week_reader *w, const struct csv_row *row,
                           size_t column, bool is_odd_blank, bool is_even_blank)
{
    static const char *const weeks[2][2] = {{"odd weeks", "even weeks"},
                                            {"单周", "双周"}};
    bool is_chinese = config_faults_is_chinese(w->src->faults);
    if (is_odd_blank != is_even_blank)
        week_warning(w, row, column,
                     "'%s' says nothing of %s (wanted: a subject on each side of the "
                     "sign; - = nothing is taught)",
                     csv_cell_at(row, column).text, weeks[is_chinese][is_even_blank]);
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " ")] == '\0';
}

/* tell_no_weeks - once: what the calendar lacks, every such cell lacks. */
static void tell_no_weeks(struct week_reader *w, const struct csv_row *row, size_t column)
{
    if (!w->are_weeks_told)
        week_fault(w, row, column,
                   "odd and even weeks are not known (allowed: where campus.yaml has "
                   "calendar.terms)");
    w->are_weeks_told = true;
}

void week_lesson(struct week_reader *w, const struct csv_row *row,
                 const struct week_lesson *lesson)
{
    char text[WORD_MAX];
    struct lesson_cell odd = {0};
    struct lesson_cell even = {0};
    (void)snprintf(text, sizeof(text), "%s", csv_cell_at(row, lesson->subject).text);
    char *second = split(text, "/", "／"); /* odd weeks before it, even ones behind */
    bool is_every = !second && lesson->weeks == 0;
    if (second && lesson->weeks != 0) {
        week_fault(w, row, lesson->subject,
                   "says odd and even weeks, and so does another column (allowed: one)");
        return;
    }
    if (second)
        tell_half_week(w, row, lesson->subject, is_blank(text), is_blank(second));
    bool is_good = read_half(w, row, lesson, text, &odd);
    if (second)
        is_good &= read_half(w, row, lesson, second, &even);
    if (!is_every && w->c->calendar.term_count == 0) {
        tell_no_weeks(w, row, lesson->subject);
        return;
    }
    if (!is_good)
        return;
    w->is_weekly &= is_every;
    if (lesson->weeks != 'e')
        put(w, row, lesson, false, odd);
    if (lesson->weeks != 'o')
        put(w, row, lesson, true, second ? even : odd);
}
