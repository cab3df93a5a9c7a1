#include "adherence.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What a room's slice says: enough good minutes, and in most of them so many people. */
static bool is_known(const struct slice *slice, const struct lesson_seen *seen,
                     const struct occupancy_options *options)
{
    return slice && slice->count > 0
           && slice->count >= options->valid * seen->minutes - 1e-9;
}

static bool is_mostly(uint32_t minutes, const struct lesson_seen *seen,
                      const struct occupancy_options *options)
{
    return minutes >= options->stayed_share * seen->minutes - 1e-9;
}

static bool stayed_home(const struct lesson_seen *seen,
                        const struct occupancy_options *options)
{
    double people = options->stayed_people * seen->present;
    return seen->has_come && is_known(seen->home, seen, options)
           && is_mostly(slice_at_least(seen->home, people), seen, options);
}

static bool left_home(const struct lesson_seen *seen,
                      const struct occupancy_options *options)
{
    double people = options->away_people * seen->present;
    return is_known(seen->home, seen, options)
           && is_mostly(slice_at_most(seen->home, people), seen, options);
}

static enum verdict judge_outdoor(const struct lesson_seen *seen,
                                  const struct occupancy_options *options)
{
    if (left_home(seen, options))
        return VERDICT_HELD;
    bool is_excused = seen->is_exempt || seen->is_changed;
    return stayed_home(seen, options) && !is_excused ? VERDICT_SUSPECT
                                                     : VERDICT_UNDETERMINED;
}

bool adherence_sees_guest(const struct lesson_seen *seen,
                          const struct occupancy_options *options)
{
    return seen->kind == GW_SUBJECT_SPECIAL && seen->has_guest
           && is_known(seen->guest, seen, options)
           && slice_median(seen->guest) >= options->stayed_people * seen->present;
}

static enum verdict judge_special(const struct lesson_seen *seen,
                                  const struct occupancy_options *options)
{
    if (left_home(seen, options) || adherence_sees_guest(seen, options))
        return VERDICT_HELD;
    bool is_empty = is_known(seen->guest, seen, options)
                    && slice_median(seen->guest) < options->away_people * seen->present;
    return stayed_home(seen, options) && is_empty && !seen->is_changed
               ? VERDICT_SUSPECT
               : VERDICT_UNDETERMINED;
}

enum verdict adherence_judge(const struct lesson_seen *seen,
                             const struct occupancy_options *options)
{
    if (!(seen->present > 0) || seen->minutes == 0)
        return VERDICT_UNDETERMINED;
    if (seen->kind == GW_SUBJECT_OUTDOOR)
        return judge_outdoor(seen, options);
    if (seen->kind == GW_SUBJECT_SPECIAL)
        return judge_special(seen, options);
    return VERDICT_UNDETERMINED;
}

static struct adherence_subject *subject_of(struct adherence_week *w, const char *id)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (strcmp(w->subjects[i].id, id) == 0)
            return &w->subjects[i];
    if (w->count == ADHERENCE_SUBJECTS_MAX)
        return NULL;
    struct adherence_subject *subject = &w->subjects[w->count++];
    *subject = (struct adherence_subject){0};
    (void)snprintf(subject->id, sizeof(subject->id), "%s", id);
    return subject;
}

void adherence_count(struct adherence_week *w, const char *subject, enum verdict verdict)
{
    struct adherence_subject *s = subject_of(w, subject);
    if (!s)
        return;
    s->held += verdict == VERDICT_HELD;
    s->suspect += verdict == VERDICT_SUSPECT;
    s->undetermined += verdict == VERDICT_UNDETERMINED;
}

void adherence_tell(struct adherence_week *w, struct gw_host *host, int64_t time_us)
{
    for (uint32_t i = 0; i < w->count; i++) {
        const struct adherence_subject *s = &w->subjects[i];
        double known = (double)s->held + s->suspect;
        const struct gw_fact_value values[] = {
            {.name = "subject", .value = NAN, .text = s->id},
            {.name = "held", .value = s->held},
            {.name = "suspect", .value = s->suspect},
            {.name = "undetermined", .value = s->undetermined},
        };
        gw_fact(host,
                &(struct gw_fact){.kind = "timetable-week",
                                  .by_calendar = true,
                                  .object = "school",
                                  .start_us = w->start_us,
                                  .end_us = time_us,
                                  .time_us = time_us,
                                  .values = values,
                                  .count = sizeof(values) / sizeof(values[0]),
                                  .completeness = known / (known + s->undetermined)});
    }
    *w = (struct adherence_week){0};
}

static const char key[] = "week";

static size_t kept_size(uint32_t count)
{
    return offsetof(struct adherence_week, subjects)
           + count * sizeof(struct adherence_subject);
}

void adherence_save(const struct adherence_week *w, struct gw_host *host)
{
    gw_state_save(host, key, w, kept_size(w->count));
}

void adherence_load(struct adherence_week *w, struct gw_host *host)
{
    struct adherence_week kept = {0};
    size_t size = gw_state_load(host, key, &kept, sizeof(kept));
    if (size < kept_size(0) || kept.count > ADHERENCE_SUBJECTS_MAX
        || size != kept_size(kept.count))
        return;
    for (uint32_t i = 0; i < kept.count; i++)
        kept.subjects[i].id[GW_ID_MAX - 1] = '\0';
    *w = kept;
}
