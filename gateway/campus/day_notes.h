/* day_notes.h - the day book's notes, sorted; copied as a whole to change one.  For
 * day_book*.c only.  Strings belong to the book and live as long as it does. */
#ifndef CAMPUS_DAY_NOTES_H
#define CAMPUS_DAY_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

enum note_kind { NOTE_CLASS, NOTE_CHANGE, NOTE_EXEMPT };

/* day_note
 * class_id, lesson  of NOTE_CLASS and NOTE_CHANGE; "" and 0
 * leave, entered    of NOTE_CLASS: pupils, -1 = nobody said
 * subject, place    of NOTE_CHANGE; "" = none
 * origin_day, origin_lesson  of NOTE_CHANGE: whose it was; lesson 0 = its own
 * bits, from_s, to_s  of NOTE_EXEMPT
 * origin            of NOTE_EXEMPT: what set it by itself, "" = people
 * is_refusal        of NOTE_EXEMPT: people said that there is none, whatever is measured
 */
struct day_note {
    int32_t day;
    uint8_t kind;
    uint8_t lesson;
    uint8_t origin_lesson;
    uint8_t bits;
    bool is_refusal;
    int16_t leave;
    int16_t entered;
    int32_t origin_day;
    int32_t from_s;
    int32_t to_s;
    const char *class_id;
    const char *subject;
    const char *place;
    const char *origin;
};

struct day_notes {
    struct day_note *items;
    size_t count;
};

/* day_notes_order - by day, kind, class and lesson; exemptions of a day are equal. */
int day_notes_order(const struct day_note *a, const struct day_note *b);

/* day_notes_from - the index of the first one not before @note. */
size_t day_notes_from(const struct day_notes *n, const struct day_note *note);

/* day_notes_day - the first one of @day or later. */
size_t day_notes_day(const struct day_notes *n, int64_t day);

/* day_note_print - one line; day_note_parse - one line without its end, written over:
 * @ret names parts of it.  returns 0 or -EINVAL */
void day_note_print(struct strbuf *b, const struct day_note *note);
int day_note_parse(char *line, struct day_note *ret);

#endif
