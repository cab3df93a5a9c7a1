/* adherence.h - was a lesson held as the timetable has it?  Judged by where the class
 * sat, in three values: a lesson in the class's own room looks like any other there, so
 * of it nothing can be said.  Thread: the pipeline's. */
#ifndef OCCUPANCY_ADHERENCE_H
#define OCCUPANCY_ADHERENCE_H

#include "gw/plugin.h"
#include "options.h"
#include "slice.h"

/* The states of outdoor_verdict and special_verdict; VERDICT_NONE: no lesson is judged
 * now. */
enum verdict { VERDICT_NONE, VERDICT_UNDETERMINED, VERDICT_HELD, VERDICT_SUSPECT };

/* lesson_seen - what was seen of a lesson.
 * present     pupils of the class in school today; NAN = unknown
 * minutes     of the slice
 * home, guest the good minutes of the class's own and of the special room; NULL: that
 *             room has no counter that is to be believed
 * has_come    the counter of the class's own room saw somebody since shortly before it
 * has_guest   so did the special room's: whom it counts may be believed
 * is_exempt   rain or pollution: nobody is asked to be out of doors */
struct lesson_seen {
    enum gw_subject_kind kind;
    bool is_changed;
    bool is_exempt;
    bool has_come;
    bool has_guest;
    double present;
    uint32_t minutes;
    const struct slice *home;
    const struct slice *guest;
};

enum verdict adherence_judge(const struct lesson_seen *seen,
                             const struct occupancy_options *options);

/* adherence_sees_guest - the class was counted in the special room: its own, empty, needs
 * to prove nothing. */
bool adherence_sees_guest(const struct lesson_seen *seen,
                          const struct occupancy_options *options);

/* adherence_week - how the week's lessons of each subject were held, over all classes. */
enum { ADHERENCE_SUBJECTS_MAX = 32 };
struct adherence_subject {
    char id[GW_ID_MAX];
    uint32_t held;
    uint32_t suspect;
    uint32_t undetermined;
};
struct adherence_week {
    int64_t start_us; /* Monday's midnight; 0 = none yet */
    uint32_t count;
    struct adherence_subject subjects[ADHERENCE_SUBJECTS_MAX];
};

void adherence_count(struct adherence_week *w, const char *subject, enum verdict verdict);

/* adherence_tell - the week's facts, one a subject; then the week is empty. */
void adherence_tell(struct adherence_week *w, struct gw_host *host, int64_t time_us);

void adherence_save(const struct adherence_week *w, struct gw_host *host);
void adherence_load(struct adherence_week *w, struct gw_host *host);

#endif
