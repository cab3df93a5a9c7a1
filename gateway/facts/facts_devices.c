/* facts_devices.c - which devices are heard.  A point says nothing right after a restart:
 * until it does, or has been silent for too long, its device is as it was. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "facts/fact_kept.h"
#include "facts/facts_parts.h"

/* A device's points stand together in the table. */
int facts_devices_find(struct facts *f)
{
    const struct point_table *points = f->setup.points;
    f->devices = calloc(point_table_count(points) + 1, sizeof(*f->devices));
    if (!f->devices)
        return -ENOMEM;
    const char *last = NULL;
    for (size_t i = 0; i < point_table_count(points); i++) {
        const char *name = point_table_entry(points, i)->device;
        if (!name)
            continue;
        if (!last || strcmp(last, name) != 0)
            f->devices[f->device_count++] =
                (struct facts_device){.name = name, .first = i};
        f->devices[f->device_count - 1].end = i + 1;
        last = name;
    }
    return 0;
}

static bool is_heard(const struct point_table *points, const struct facts_device *d)
{
    bool has_spoken = false;
    for (size_t i = d->first; i < d->end; i++) {
        const struct gw_reading *latest =
            point_table_get(points, point_table_entry(points, i)->id);
        if (!latest || latest->reason == GW_REASON_UNSEEN)
            continue;
        has_spoken = true;
        if (latest->quality != GW_BAD)
            return true;
    }
    return !has_spoken && d->is_heard;
}

static void keep(const struct facts *f)
{
    json_t *heard = json_array();
    for (size_t i = 0; i < f->device_count; i++)
        if (f->devices[i].is_heard)
            (void)json_array_append_new(heard, json_string(f->devices[i].name));
    json_t *kept = json_pack("{s:o}", "heard", heard);
    char *text = kept ? json_dumps(kept, JSON_COMPACT) : NULL;
    json_decref(kept);
    if (text)
        f->setup.emit(f->setup.ctx,
                      &(struct gw_record){.kind = GW_RECORD_STATE,
                                          .state = {.owner = FACT_OWNER,
                                                    .key = FACTS_DEVICES_KEY,
                                                    .bytes = text,
                                                    .size = strlen(text)}});
    free(text);
}

size_t facts_devices_look(struct facts *f)
{
    size_t heard = 0;
    bool has_changed = false;
    for (size_t i = 0; i < f->device_count; i++) {
        struct facts_device *d = &f->devices[i];
        bool now = is_heard(f->setup.points, d);
        has_changed = has_changed || now != d->is_heard;
        d->is_heard = now;
        heard += now;
    }
    if (has_changed)
        keep(f);
    return heard;
}

static struct facts_device *device_named(struct facts *f, const char *name)
{
    for (size_t i = 0; i < f->device_count; i++)
        if (strcmp(f->devices[i].name, name) == 0)
            return &f->devices[i];
    return NULL;
}

int facts_devices_restore(struct facts *f, const void *bytes, size_t size)
{
    json_t *kept = json_loadb(bytes, size, 0, NULL);
    const json_t *heard = json_object_get(kept, "heard");
    int r = json_is_array(heard) ? 0 : -EINVAL;
    for (size_t i = 0; i < json_array_size(heard); i++) {
        const char *name = json_string_value(json_array_get(heard, i));
        struct facts_device *d = name ? device_named(f, name) : NULL;
        if (d)
            d->is_heard = true;
    }
    json_decref(kept);
    return r;
}

void facts_devices_take_over(struct facts *f, const struct facts *old)
{
    for (size_t i = 0; i < old->device_count; i++) {
        struct facts_device *d = device_named(f, old->devices[i].name);
        if (d)
            d->is_heard = old->devices[i].is_heard;
    }
}
