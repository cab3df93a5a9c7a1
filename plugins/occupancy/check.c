#include "check.h"

#include <string.h>

static void check_service(struct gw_host *host, const struct occupancy_options *o)
{
    if (o->service_from_s > o->service_until_s)
        gw_refuse_option(host, "service_from", "service_until",
                         "%02d:%02d is after service_until, %02d:%02d (allowed: at most "
                         "as late)",
                         o->service_from_s / 3600, o->service_from_s / 60 % 60,
                         o->service_until_s / 3600, o->service_until_s / 60 % 60);
    if (strcmp(o->service_tag, o->evening_tag) == 0)
        gw_refuse(host, o->evening_tag,
                  "'%s' is service_tag, too: no room would have a service (allowed: "
                  "another tag)",
                  o->evening_tag);
}

/* A tag that the school says is on a place, or the service would be of every room. */
static void check_tagged(struct gw_host *host, const struct occupancy_options *o,
                         const struct gw_place *places, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gw_place_has_tag(&places[i], o->service_tag))
            return;
    if (strcmp(o->service_tag, OCCUPANCY_SERVICE_TAG) != 0)
        gw_warn(host, o->service_tag,
                "no place has the tag '%s': every counted classroom has the service "
                "(wanted: a tag of a place)",
                o->service_tag);
}

static void check_stayed(struct gw_host *host, const struct occupancy_options *o)
{
    if (o->away_people >= o->stayed_people)
        gw_refuse_option(host, "away_people", "stayed_people",
                         "%g%% is not below stayed_people, %g%% (allowed: less, or a "
                         "class would be in a room and not in it)",
                         100 * o->away_people, 100 * o->stayed_people);
}

/* A tag is the school's own word: only what is nearly one of these is told. */
static void check_tags(struct gw_host *host, const struct occupancy_options *o,
                       const struct gw_place *place)
{
    const char *const known[] = {o->service_tag, o->evening_tag};
    for (size_t i = 0; i < place->tags.count; i++) {
        const char *tag = place->tags.items[i];
        const char *near = gw_nearest(tag, known, sizeof(known) / sizeof(known[0]));
        if (near && strcmp(near, tag) != 0)
            gw_warn(host, tag, "tag '%s' says nothing (did you mean '%s'?)", tag, near);
    }
}

void occupancy_check(struct gw_host *host, const struct occupancy_options *options)
{
    size_t count = 0;
    const struct gw_place *places = gw_campus_places(gw_host_campus(host), &count);
    check_service(host, options);
    check_stayed(host, options);
    check_tagged(host, options, places, count);
    for (size_t i = 0; i < count; i++)
        check_tags(host, options, &places[i]);
}
