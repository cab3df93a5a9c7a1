/* video.c - the share of the school's cameras that do not work. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "defense.h"

struct video {
    struct derived share;
};

static bool is_video(const char *metric)
{
    return strcmp(metric, "cameras_offline") == 0 || strcmp(metric, "cameras") == 0
           || strcmp(metric, "camera") == 0;
}

static int start(struct defense *d, struct gw_error *err)
{
    d->video = calloc(1, sizeof(*d->video));
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

/* A camera of its own that has fallen silent does not work; one that has not spoken since
 * the start, or a recorder that says nothing, leaves the share unknown. */
double video_share(const struct defense *d)
{
    double offline = 0;
    double all = 0;
    for (size_t i = 0; i < d->signal_count; i++) {
        const struct signal *s = &d->signals[i];
        if (strcmp(s->info.metric, "camera") == 0) {
            all += s->is_heard ? 1 : (double)NAN;
            offline += !signal_is_on(s);
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
    if (is_video(s->info.metric))
        tell(d, r->time_us);
}

const struct part video_part = {.start = start, .stop = stop, .tell = tell, .take = take};
