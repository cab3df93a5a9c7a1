/* video.c - the share of the school's cameras that do not work. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defense.h"

/* has_spoken  ever, by signal: of cameras */
struct video {
    struct derived share;
    bool has_spoken[];
};

static bool is_camera(const struct signal *s)
{
    return strcmp(s->info.metric, "camera") == 0;
}

static bool is_video(const char *metric)
{
    return strcmp(metric, "cameras_offline") == 0 || strcmp(metric, "cameras") == 0
           || strcmp(metric, "camera") == 0;
}

static int start(struct defense *d, struct gw_error *err)
{
    d->video = calloc(1, sizeof(*d->video) + d->signal_count * sizeof(bool));
    if (!d->video)
        return gw_fail(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < d->signal_count; i++)
        if (is_video(d->signals[i].info.metric))
            return derive(d, "school", "cameras_offline_share", &d->video->share, err);
    return 0;
}

static void stop(struct defense *d)
{
    free(d->video);
    d->video = NULL;
}

static void camera_key(const struct signal *s, char ret[16])
{
    (void)snprintf(ret, 16, "%u", s->info.id);
}

static void note_spoken(struct defense *d, const struct signal *s)
{
    static const uint8_t yes = 1;
    char key[16];
    bool *has_spoken = &d->video->has_spoken[s - d->signals];
    if (!is_camera(s) || *has_spoken)
        return;
    *has_spoken = true;
    camera_key(s, key);
    state_save(d, "camera", key, &yes, sizeof(yes));
}

static void restored(struct defense *d)
{
    for (size_t i = 0; i < d->signal_count; i++) {
        const struct signal *s = &d->signals[i];
        uint8_t spoken = 0;
        char key[16];
        camera_key(s, key);
        d->video->has_spoken[i] =
            is_camera(s) && state_load(d, "camera", key, &spoken, sizeof(spoken));
        if (s->is_heard)
            note_spoken(d, s);
    }
}

/* A camera of its own that has fallen silent does not work; one that has not spoken since
 * the start, or a recorder that says nothing, leaves the share unknown.  One that has
 * never spoken is not there yet. */
double video_share(const struct defense *d)
{
    double offline = 0;
    double all = 0;
    for (size_t i = 0; i < d->signal_count; i++) {
        const struct signal *s = &d->signals[i];
        if (is_camera(s)) {
            all += s->is_heard ? 1 : d->video->has_spoken[i] ? (double)NAN : 0;
            offline += s->is_heard && !signal_is_on(s);
        } else if (strcmp(s->info.metric, "cameras") == 0) {
            all += s->value;
        } else if (strcmp(s->info.metric, "cameras_offline") == 0) {
            offline += s->value;
        }
    }
    return all > 0 ? fmin(1, offline / all) : (double)NAN;
}

static void tell(struct defense *d, int64_t time_us)
{
    derived_tell(d, &d->video->share, video_share(d), time_us);
}

static void take(struct defense *d, const struct signal *s, const struct gw_reading *r)
{
    if (!is_video(s->info.metric))
        return;
    note_spoken(d, s);
    tell(d, r->time_us);
}

const struct part video_part = {
    .start = start, .stop = stop, .restored = restored, .tell = tell, .take = take};
