/* places.c - the school's rooms, gates and zones. */
#include "gw/campus.h"
#include "http/resource.h"
#include "http/server.h"

static json_t *place_json(const struct gw_place *place)
{
    json_t *tags = json_array();
    for (size_t i = 0; i < place->tags.count; i++)
        (void)json_array_append_new(tags, json_string(place->tags.items[i]));
    return json_pack("{s:s, s:s*, s:o, s:o, s:o, s:o}", "id", place->id, "kind",
                     place->kind, "title", resource_title(&place->title), "tags", tags,
                     "capacity",
                     place->capacity ? json_integer(place->capacity) : json_null(),
                     "class", resource_string(place->class_id));
}

void places_answer(struct request *request, struct reply *reply)
{
    struct sources_hold hold;
    json_t *list = json_array();
    sources_use(&request->http->sources, &hold);
    size_t count = 0;
    const struct gw_place *places = NULL;
    if (hold.sources.campus)
        places = gw_campus_places(hold.sources.campus, &count);
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, place_json(&places[i]));
    sources_done(&request->http->sources, &hold);
    reply_json(reply, json_pack("{s:o}", "places", list));
}
