/* timetable_subjects.c - subjects that a class has, or lacks, and hardly should. */
#include "base/strbuf.h"
#include "campus/names.h"
#include "campus/timetable_read.h"

/* check_subject - of a cell that was filled to the right, told once a class: no day has
 * one subject alone. */
static void check_subject(const struct week_reader *w, size_t class)
{
    enum { OF_A_DAY_MIN = 5 };
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++) {
        uint32_t count = 0;
        struct week_at last = {weekday, 1, false};
        bool is_one = true;
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
            const struct week_at at = {weekday, number, false};
            uint32_t subject = week_cell(w, class, at).subject;
            if (subject == 0)
                continue;
            is_one &= count == 0 || subject == week_cell(w, class, last).subject;
            last = at;
            count++;
        }
        if (!is_one || count < OF_A_DAY_MIN)
            continue;
        size_t column = 0;
        const struct csv_row *row = week_written(w, class, last, &column);
        bool is_chinese = config_faults_is_chinese(w->src->faults);
        week_warning(w, row, column,
                     "class '%s' is taught nothing else on %s (wanted: several "
                     "subjects)",
                     w->c->classes[class].id, name_of_weekday(weekday, is_chinese));
        return;
    }
}

/* count_of - how often @subject is in the week of @class, and where last. */
static size_t count_of(const struct week_reader *w, size_t class, uint32_t subject,
                       struct week_at *ret)
{
    size_t count = 0;
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
            struct week_at at = {weekday, number, false};
            if (week_cell(w, class, at).subject != subject + 1)
                at.is_even = true;
            if (week_cell(w, class, at).subject != subject + 1)
                continue;
            *ret = at;
            count++;
        }
    return count;
}

/* has_other - another class of the grade of @class has more than a few lessons. */
static bool has_other(const struct week_reader *w, size_t class)
{
    const int grade = name_grade(w->c->classes[class].title.zh);
    for (size_t i = 0; i < w->c->class_count; i++)
        if (i != class && name_grade(w->c->classes[i].title.zh) == grade
            && week_lessons(w, i) >= WEEK_LESSONS_MIN)
            return true;
    return false;
}

/* check_lone - a subject once in the week of @class that no class of its grade and the
 * grades beside in its stage has: physics in the first year. */
static void check_lone(const struct week_reader *w, size_t class, uint32_t subject)
{
    struct week_at at;
    size_t column = 0;
    if (name_grade(w->c->classes[class].title.zh) == 0
        || count_of(w, class, subject, &at) != 1 || !has_other(w, class)
        || subject_is_near(w->c, class, subject, 1))
        return;
    const struct csv_row *row = week_written(w, class, at, &column);
    week_warning(
        w, row, column,
        "no class of the grade of '%s' or the grades beside in its stage has this "
        "subject (wanted: another subject; leave it where that is meant)",
        w->c->classes[class].id);
}

void timetable_subjects(const struct week_reader *w)
{
    for (size_t class = 0; class < w->c->class_count; class ++)
        check_subject(w, class);
    for (uint32_t subject = 0; subject < w->c->subjects.count; subject++)
        for (size_t class = 0; class < w->c->class_count; class ++)
            check_lone(w, class, subject);
}

/* subject_of_all - the one that all classes are taught then, CLASSES_MIN or more, plus
 * one; 0 = there is none. */
static uint32_t subject_of_all(const struct week_reader *w, struct week_at at)
{
    enum { CLASSES_MIN = 10 };
    uint32_t subject = 0;
    size_t classes = 0;
    for (size_t class = 0; class < w->c->class_count; class ++) {
        const uint32_t its = week_cell(w, class, at).subject;
        if (week_lessons(w, class) < WEEK_LESSONS_MIN)
            continue;
        if (its == 0 || (subject > 0 && its != subject))
            return 0;
        subject = its;
        classes++;
    }
    return classes >= CLASSES_MIN ? subject : 0;
}

/* is_spread - most classes have @subject several times, and at one time only all of them:
 * a class meeting that all have then is meant, and a first lesson of every day. */
static bool is_spread(const struct week_reader *w, uint32_t subject)
{
    size_t several = 0;
    size_t together = 0;
    for (size_t class = 0; class < w->c->class_count; class ++) {
        struct week_at ignored;
        several += count_of(w, class, subject, &ignored) > 1;
    }
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            together += subject_of_all(w, (struct week_at){weekday, number, false})
                        == subject + 1;
    return together == 1 && 2 * several > w->c->class_count;
}

/* check_column - of a cell that was filled down. */
static void check_column(const struct week_reader *w, struct week_at at)
{
    const uint32_t subject = subject_of_all(w, at);
    size_t column = 0;
    size_t first = 0;
    if (subject == 0 || !is_spread(w, subject - 1))
        return;
    while (week_cell(w, first, at).subject == 0)
        first++;
    bool is_chinese = config_faults_is_chinese(w->src->faults);
    const struct csv_row *row = week_written(w, first, at, &column);
    const struct gw_text *title = &w->c->subjects.items[subject - 1].title;
    week_warning(w, row, column,
                 "all classes are taught '%s' in lesson %u on %s (wanted: each its own "
                 "subject; leave it where that is meant)",
                 is_chinese ? title->zh : title->en, (unsigned)at.number,
                 name_of_weekday(at.weekday, is_chinese));
}

void timetable_columns(const struct week_reader *w)
{
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            check_column(w, (struct week_at){weekday, number, false});
}

/* count_with - how many classes of the stage but @class, of the grades @from .. @to, have
 * @subject.
 * ret_all  how many there are */
static size_t count_with(const struct week_reader *w, size_t class, uint32_t subject,
                         int from, int to, size_t *ret_all)
{
    const struct gw_class *own = &w->c->classes[class];
    size_t with = 0;
    *ret_all = 0;
    for (size_t i = 0; i < w->c->class_count; i++) {
        const struct gw_class *other = &w->c->classes[i];
        const int its = name_grade(other->title.zh);
        if (i == class || other->stage != own->stage || its < from || its > to)
            continue;
        with += subject_is_taught(w->c, i, subject);
        ++*ret_all;
    }
    return with;
}

/* is_often - some class of the grade of @class has @subject several times in its week. */
static bool is_often(const struct week_reader *w, size_t class, uint32_t subject)
{
    const int grade = name_grade(w->c->classes[class].title.zh);
    struct week_at ignored;
    for (size_t i = 0; i < w->c->class_count; i++)
        if (i != class && name_grade(w->c->classes[i].title.zh) == grade
            && count_of(w, i, subject, &ignored) > 1)
            return true;
    return false;
}

/* guest_of - the only other class of the grade of @class, which has @subject once, and
 * those of the grades beside have it more often: it is mistyped there and not missing
 * here; SIZE_MAX = it is not so. */
static size_t guest_of(const struct week_reader *w, size_t class, uint32_t subject)
{
    const struct gw_class *own = &w->c->classes[class];
    const int grade = name_grade(own->title.zh);
    struct week_at ignored;
    size_t ret = SIZE_MAX;
    for (size_t i = 0; i < w->c->class_count; i++) {
        const struct gw_class *other = &w->c->classes[i];
        const int its = name_grade(other->title.zh);
        if (i == class || other->stage != own->stage || its < grade - 1
            || its > grade + 1)
            continue;
        const size_t often = count_of(w, i, subject, &ignored);
        if (its == grade ? ret != SIZE_MAX || often != 1 : often == 1)
            return SIZE_MAX;
        ret = its == grade ? i : ret;
    }
    return ret;
}

static void tell_guest(const struct week_reader *w, size_t class, size_t guest,
                       uint32_t subject)
{
    struct week_at at;
    size_t column = 0;
    (void)count_of(w, guest, subject, &at);
    const struct csv_row *row = week_written(w, guest, at, &column);
    week_warning(w, row, column,
                 "class '%s' has this subject once, '%s' of its grade never, and the "
                 "grades beside have it more often (wanted: another subject; leave it "
                 "where that is meant)",
                 w->c->classes[guest].id, w->c->classes[class].id);
}

/* lack - whom a class is unlike that has nothing of a subject all week. */
enum lack { LACK_NONE, LACK_OF_GRADE, LACK_OF_ALL, LACKS };

/* lack_of - a lesson a week that only the grade has is hardly a subject: one class may
 * call it otherwise. */
static enum lack lack_of(const struct week_reader *w, size_t class, uint32_t subject)
{
    enum { OTHERS_MIN = 3 };
    const int grade = name_grade(w->c->classes[class].title.zh);
    size_t all = 0;
    if (count_with(w, class, subject, grade - 1, grade + 1, &all) == all
        && all >= OTHERS_MIN)
        return LACK_OF_ALL;
    return count_with(w, class, subject, grade, grade, &all) == all && all > 0
                   && is_often(w, class, subject)
               ? LACK_OF_GRADE
               : LACK_NONE;
}

static void tell_lack(const struct week_reader *w, size_t class, enum lack lack,
                      const char *subjects)
{
    static const char *const sentences[LACKS] = {
        [LACK_OF_GRADE] =
            "class '%s' has no lesson of '%s', which all others of its grade "
            "have (wanted: a lesson of it; leave it where that is meant)",
        [LACK_OF_ALL] = "class '%s' has no lesson of '%s', which all others of its grade "
                        "and the grades beside have (wanted: a lesson of it; leave it "
                        "where that is meant)",
    };
    week_warning(w, week_row(w, class), 0, sentences[lack], w->c->classes[class].id,
                 subjects);
}

/* check_missing - all subjects that class @class has not, told together. */
static void check_missing(const struct week_reader *w, size_t class)
{
    bool is_chinese = config_faults_is_chinese(w->src->faults);
    struct strbuf names[LACKS] = {0};
    for (uint32_t subject = 0; subject < w->c->subjects.count; subject++) {
        const struct gw_text *title = &w->c->subjects.items[subject].title;
        struct strbuf *to = NULL;
        if (!subject_is_taught(w->c, class, subject))
            to = &names[lack_of(w, class, subject)];
        const size_t guest =
            to && to != &names[LACK_NONE] ? guest_of(w, class, subject) : SIZE_MAX;
        if (guest != SIZE_MAX) {
            tell_guest(w, class, guest, subject);
            continue;
        }
        if (to && to != &names[LACK_NONE])
            strbuf_format(to, "%s%s",
                          to->used == 0 ? ""
                          : is_chinese  ? "、"
                                        : ", ",
                          is_chinese ? title->zh : title->en);
    }
    for (int lack = LACK_OF_GRADE; lack < LACKS; lack++)
        if (names[lack].text)
            tell_lack(w, class, (enum lack)lack, names[lack].text);
    for (int lack = 0; lack < LACKS; lack++)
        strbuf_free(&names[lack]);
}

void timetable_missing(const struct week_reader *w)
{
    for (size_t class = 0; class < w->c->class_count; class ++)
        if (name_grade(w->c->classes[class].title.zh) > 0
            && week_lessons(w, class) >= WEEK_LESSONS_MIN)
            check_missing(w, class);
}
