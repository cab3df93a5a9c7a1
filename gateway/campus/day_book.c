#include "campus/day_book.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/text.h"
#include "campus/civil.h"
#include "campus/day_notes.h"

enum { NAMES_EXPECTED = 64, NAMES_MAX = 4096 };

static const char kept_form[] = "1\n";

/* day_book - the writer makes changed notes without the lock, which is only held to put
 * them in place: it alone changes them.
 * names, name_ids  every string of the notes, once; the writer's */
struct day_book {
    pthread_mutex_t lock;
    struct day_notes notes;
    struct arena *arena;
    struct text_map *name_ids;
    const char **names;
    size_t name_count;
};

int day_book_new(struct day_book **ret)
{
    struct day_book *b = calloc(1, sizeof(*b));
    if (!b)
        return -ENOMEM;
    (void)pthread_mutex_init(&b->lock, NULL);
    int r = arena_new(&b->arena);
    if (r == 0)
        r = text_map_new(NAMES_EXPECTED, &b->name_ids);
    if (r < 0)
        (void)day_book_free(b);
    else
        *ret = b;
    return r;
}

struct day_book *day_book_free(struct day_book *b)
{
    if (!b)
        return NULL;
    free(b->notes.items);
    free(b->names);
    text_map_free(b->name_ids);
    arena_free(b->arena);
    (void)pthread_mutex_destroy(&b->lock);
    free(b);
    return NULL;
}

/* --- reading ---------------------------------------------------------------------- */

/* find - with the lock held, or by the writer. */
static const struct day_note *find(const struct day_notes *n, const struct day_note *note)
{
    size_t i = day_notes_from(n, note);
    bool is_there = i < n->count && day_notes_order(&n->items[i], note) == 0;
    return is_there ? &n->items[i] : NULL;
}

static double pupils(int16_t number)
{
    return number < 0 ? (double)NAN : number;
}

struct gw_class_day day_book_class(struct day_book *b, int64_t day, const char *class_id)
{
    const struct day_note key = {
        .day = (int32_t)day, .kind = NOTE_CLASS, .class_id = class_id};
    struct gw_class_day ret = {NAN, NAN};
    (void)pthread_mutex_lock(&b->lock);
    const struct day_note *note = find(&b->notes, &key);
    if (note)
        ret = (struct gw_class_day){pupils(note->leave), pupils(note->entered)};
    (void)pthread_mutex_unlock(&b->lock);
    return ret;
}

static struct day_lesson origin_of(const struct day_note *note)
{
    if (note->origin_lesson > 0)
        return (struct day_lesson){note->origin_day, note->origin_lesson};
    return (struct day_lesson){note->day, note->lesson};
}

bool day_book_moved(struct day_book *b, const char *class_id, struct day_lesson origin,
                    size_t *i, struct day_lesson *ret)
{
    while (*i < b->notes.count) {
        const struct day_note *note = &b->notes.items[(*i)++];
        const struct day_lesson whose = origin_of(note);
        if (note->kind != NOTE_CHANGE || strcmp(note->class_id, class_id) != 0
            || whose.day != origin.day || whose.number != origin.number)
            continue;
        *ret = (struct day_lesson){note->day, note->lesson};
        return true;
    }
    return false;
}

bool day_book_change(struct day_book *b, int64_t day, const char *class_id,
                     uint32_t lesson, struct day_change *ret)
{
    const struct day_note key = {.day = (int32_t)day,
                                 .kind = NOTE_CHANGE,
                                 .class_id = class_id,
                                 .lesson = (uint8_t)lesson};
    (void)pthread_mutex_lock(&b->lock);
    const struct day_note *note = find(&b->notes, &key);
    if (note) {
        text_copy(ret->subject, sizeof(ret->subject), note->subject);
        text_copy(ret->place, sizeof(ret->place), note->place);
        ret->origin = origin_of(note);
    }
    (void)pthread_mutex_unlock(&b->lock);
    return note != NULL;
}

/* exemption - the next one of @day from @*i on, with the lock held; NULL = no more. */
static const struct day_note *exemption(const struct day_notes *n, int64_t day, size_t *i)
{
    const struct day_note key = {
        .day = (int32_t)day, .kind = NOTE_EXEMPT, .class_id = ""};
    if (*i == 0)
        *i = day_notes_from(n, &key);
    bool is_there = *i < n->count && day_notes_order(&n->items[*i], &key) == 0;
    return is_there ? &n->items[(*i)++] : NULL;
}

static bool is_running(const struct day_note *note, int32_t second_s)
{
    return second_s >= note->from_s && second_s < note->to_s;
}

uint32_t day_book_exempt(struct day_book *b, int64_t day, int32_t second_s)
{
    uint32_t bits = 0;
    size_t i = 0;
    const struct day_note *note = NULL;
    (void)pthread_mutex_lock(&b->lock);
    while ((note = exemption(&b->notes, day, &i)))
        if (!note->is_refusal && is_running(note, second_s))
            bits |= note->bits;
    (void)pthread_mutex_unlock(&b->lock);
    return bits;
}

size_t day_book_exemptions(struct day_book *b, int64_t day, struct day_exemption *ret,
                           size_t max)
{
    size_t count = 0;
    size_t i = 0;
    const struct day_note *note = NULL;
    (void)pthread_mutex_lock(&b->lock);
    while ((note = exemption(&b->notes, day, &i))) {
        if (note->is_refusal)
            continue;
        if (count < max)
            ret[count] = (struct day_exemption){note->bits, note->from_s, note->to_s,
                                                note->origin};
        count++;
    }
    (void)pthread_mutex_unlock(&b->lock);
    return count;
}

/* --- writing: one thread ------------------------------------------------------------ */

static void put_in_place(struct day_book *b, struct day_notes changed)
{
    struct day_note *old = b->notes.items;
    (void)pthread_mutex_lock(&b->lock);
    b->notes = changed;
    (void)pthread_mutex_unlock(&b->lock);
    free(old);
}

/* copy - without the @gone notes from @at on, with room for @more there. */
static int copy(const struct day_notes *n, size_t at, size_t gone, size_t more,
                struct day_notes *ret)
{
    size_t count = n->count - gone + more;
    if (more > gone && count > DAY_BOOK_NOTES_MAX)
        return -ENOSPC;
    struct day_note *items = calloc(count + 1, sizeof(*items));
    if (!items)
        return -ENOMEM;
    if (n->items) {
        memcpy(items, n->items, at * sizeof(*items));
        memcpy(items + at + more, n->items + at + gone,
               (n->count - at - gone) * sizeof(*items));
    }
    *ret = (struct day_notes){items, count};
    return 0;
}

/* name - @text as a string of the book. */
static int name(struct day_book *b, const char *text, const char **ret)
{
    uint32_t index = text_map_get(b->name_ids, text);
    if (index != UINT32_MAX) {
        *ret = b->names[index];
        return 0;
    }
    if (b->name_count == NAMES_MAX)
        return -ENOSPC;
    const char **names =
        reallocarray(b->names, b->name_count + 1, sizeof(*names)); /* seldom, and few */
    if (!names)
        return -ENOMEM;
    b->names = names;
    const char *kept = arena_string(b->arena, text);
    if (!kept)
        return -ENOMEM;
    int r = text_map_put(b->name_ids, text, (uint32_t)b->name_count);
    if (r < 0)
        return r;
    b->names[b->name_count++] = kept;
    *ret = kept;
    return 0;
}

static int own(struct day_book *b, struct day_note *note)
{
    int r = name(b, note->class_id, &note->class_id);
    if (r == 0)
        r = name(b, note->subject, &note->subject);
    if (r == 0)
        r = name(b, note->place, &note->place);
    if (r == 0)
        r = name(b, note->origin, &note->origin);
    return r;
}

static int put(struct day_book *b, const struct day_note *note)
{
    struct day_note owned = *note;
    struct day_notes changed;
    size_t at = day_notes_from(&b->notes, note);
    bool is_there = note->kind != NOTE_EXEMPT && at < b->notes.count
                    && day_notes_order(&b->notes.items[at], note) == 0;
    int r = own(b, &owned);
    if (r == 0)
        r = copy(&b->notes, at, is_there, 1, &changed);
    if (r < 0)
        return r;
    changed.items[at] = owned;
    put_in_place(b, changed);
    return 0;
}

static int drop(struct day_book *b, size_t at, size_t count)
{
    struct day_notes changed;
    int r = count > 0 ? copy(&b->notes, at, count, 0, &changed) : 0;
    if (r == 0 && count > 0)
        put_in_place(b, changed);
    return r;
}

static int set(struct day_book *b, const struct day_note *note, bool is_nothing)
{
    const struct day_note *old = find(&b->notes, note);
    if (!is_nothing)
        return put(b, note);
    return old ? drop(b, (size_t)(old - b->notes.items), 1) : 0;
}

int day_book_set_class(struct day_book *b, int64_t day, const char *class_id,
                       struct gw_class_day what)
{
    const struct day_note note = {
        .day = (int32_t)day,
        .kind = NOTE_CLASS,
        .class_id = class_id,
        .subject = "",
        .place = "",
        .origin = "",
        .leave = (int16_t)(isnan(what.leave) ? -1 : what.leave),
        .entered = (int16_t)(isnan(what.entered) ? -1 : what.entered),
    };
    return set(b, &note, note.leave < 0 && note.entered < 0);
}

int day_book_set_change(struct day_book *b, int64_t day, const char *class_id,
                        uint32_t lesson, const struct day_change *change)
{
    struct day_note note = {.day = (int32_t)day,
                            .kind = NOTE_CHANGE,
                            .class_id = class_id,
                            .lesson = (uint8_t)lesson,
                            .subject = change ? change->subject : "",
                            .place = change ? change->place : "",
                            .origin = ""};
    if (change && (change->origin.day != day || change->origin.number != lesson)) {
        note.origin_day = (int32_t)change->origin.day;
        note.origin_lesson = (uint8_t)change->origin.number;
    }
    return set(b, &note, !change);
}

static struct day_note exempt_note(int64_t day, const struct day_exemption *what)
{
    return (struct day_note){.day = (int32_t)day,
                             .kind = NOTE_EXEMPT,
                             .class_id = "",
                             .subject = "",
                             .place = "",
                             .origin = what->origin,
                             .bits = (uint8_t)what->bits,
                             .from_s = what->from_s,
                             .to_s = what->to_s};
}

int day_book_add_exemption(struct day_book *b, int64_t day,
                           const struct day_exemption *exemption)
{
    const struct day_note note = exempt_note(day, exemption);
    return put(b, &note);
}

/* end - of notes by @origin, NULL = by anybody; *@ret_measured: some were by no people.
 */
static int end(struct day_book *b, int64_t day, uint32_t bits, int32_t from_s,
               const char *origin, bool *ret_measured)
{
    struct day_notes changed;
    int r = copy(&b->notes, 0, 0, 0, &changed);
    if (r < 0)
        return r;
    size_t count = 0;
    *ret_measured = false;
    for (size_t i = 0; i < changed.count; i++) {
        struct day_note note = changed.items[i];
        bool is_meant = note.kind == NOTE_EXEMPT && note.day == day && (note.bits & bits)
                        && (!origin || strcmp(note.origin, origin) == 0);
        if (is_meant && note.to_s > from_s) {
            *ret_measured |= *note.origin || note.is_refusal;
            note.to_s = from_s;
        }
        if (note.kind != NOTE_EXEMPT || note.from_s < note.to_s)
            changed.items[count++] = note;
    }
    changed.count = count;
    put_in_place(b, changed);
    return 0;
}

int day_book_end_exemption(struct day_book *b, int64_t day, uint32_t bits, int32_t from_s,
                           const char *origin)
{
    bool ignored = false;
    return end(b, day, bits, from_s, origin, &ignored);
}

int day_book_refuse_exemption(struct day_book *b, int64_t day, uint32_t bits,
                              int32_t from_s)
{
    bool was_measured = false;
    int r = end(b, day, bits, from_s, NULL, &was_measured);
    struct day_note note =
        exempt_note(day, &(struct day_exemption){bits, from_s, CIVIL_DAY_S, ""});
    note.is_refusal = true;
    return r == 0 && was_measured ? put(b, &note) : r;
}

int day_book_measured(struct day_book *b, int64_t day, const struct day_exemption *what)
{
    struct day_note note = exempt_note(day, what);
    const struct day_note *other = NULL;
    size_t i = 0;
    while ((other = exemption(&b->notes, day, &i))) {
        bool is_refusal = other->is_refusal && (other->bits & what->bits);
        bool is_same = strcmp(other->origin, what->origin) == 0 && !other->is_refusal;
        if ((is_refusal || is_same) && is_running(other, what->from_s))
            return 0;
        if (is_refusal && other->from_s > what->from_s && other->from_s < note.to_s)
            note.to_s = other->from_s;
    }
    int r = put(b, &note);
    return r < 0 ? r : 1;
}

/* --- kept ------------------------------------------------------------------------- */

char *day_book_text(struct day_book *b, int64_t day, int *ret_r)
{
    struct strbuf text = {0};
    size_t from = day_notes_day(&b->notes, day);
    size_t to = day_notes_day(&b->notes, day + 1);
    *ret_r = 0;
    if (from == to)
        return NULL;
    strbuf_add(&text, kept_form);
    for (size_t i = from; i < to; i++)
        day_note_print(&text, &b->notes.items[i]);
    char *ret = strbuf_take(&text);
    *ret_r = ret ? 0 : -ENOMEM;
    return ret;
}

int day_book_forget(struct day_book *b, int64_t day)
{
    size_t from = day_notes_day(&b->notes, day);
    return drop(b, from, day_notes_day(&b->notes, day + 1) - from);
}

/* restore_lines - judges all of them, or takes them. */
static int restore_lines(struct day_book *b, int64_t day, char *text, bool is_taking)
{
    int r = 0;
    while (r == 0 && *text) {
        struct day_note note;
        char *line = strsep(&text, "\n");
        r = text ? day_note_parse(line, &note) : -EINVAL;
        note.day = (int32_t)day;
        if (r == 0 && is_taking)
            r = put(b, &note);
    }
    return r;
}

int day_book_restore(struct day_book *b, int64_t day, const void *bytes, size_t size)
{
    size_t head = sizeof(kept_form) - 1;
    if (size < head || memcmp(bytes, kept_form, head) != 0 || memchr(bytes, '\0', size))
        return -EINVAL;
    int r = 0;
    for (int is_taking = 0; r == 0 && is_taking <= 1; is_taking++) {
        char *text = strndup((const char *)bytes + head, size - head);
        if (text && is_taking)
            r = day_book_forget(b, day);
        if (r == 0)
            r = text ? restore_lines(b, day, text, is_taking) : -ENOMEM;
        free(text);
    }
    return r;
}

int day_book_take_over(struct day_book *b, struct day_book *old)
{
    struct day_notes changed = {0};
    int r = copy(&old->notes, 0, 0, 0, &changed);
    for (size_t i = 0; r == 0 && i < changed.count; i++)
        r = own(b, &changed.items[i]);
    if (r == 0)
        put_in_place(b, changed);
    else
        free(changed.items);
    return r;
}

bool day_book_oldest(struct day_book *b, int64_t *ret_day)
{
    if (b->notes.count == 0)
        return false;
    *ret_day = b->notes.items[0].day;
    return true;
}
