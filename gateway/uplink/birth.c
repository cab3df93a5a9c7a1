#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "uplink/county.h"

static json_t *device_json(const struct config *tree, const struct config_device *device)
{
    const struct config_bus *bus = &tree->buses[device->bus];
    return json_pack("{s:s, s:s, s:s, s:s*}", "name", device->name, "bus", bus->name,
                     "driver", bus->driver->name, "template", device->template_name);
}

static void add_key(json_t *birth, const struct evidence_key *key)
{
    char text[EVIDENCE_KEY_TEXT_MAX];
    char fingerprint[EVIDENCE_FINGERPRINT_MAX];
    evidence_key_text(key->public_key, text);
    evidence_fingerprint(key->public_key, fingerprint);
    (void)json_object_set_new(birth, "public_key", json_string(text));
    (void)json_object_set_new(birth, "fingerprint", json_string(fingerprint));
}

char *county_birth(const struct county_config *config, const struct config *tree,
                   const struct evidence_key *key)
{
    json_t *devices = json_array();
    for (size_t i = 0; i < tree->device_count; i++)
        (void)json_array_append_new(devices, device_json(tree, &tree->devices[i]));
    json_t *points = json_object();
    for (size_t i = 0; i < tree->point_count; i++) {
        const struct config_point *p = &tree->points[i];
        const char *unit = p->metric && p->metric->unit ? p->metric->unit : "";
        (void)json_object_set_new(points, p->name, json_string(unit));
    }
    json_t *birth =
        json_pack("{s:s, s:o, s:s*, s:s, s:o, s:o}", "software", GW_VERSION, "config",
                  json_sprintf("%016" PRIx64, tree->hash), "title", config->title,
                  "stage", gw_stage_name((enum gw_stage)config->stage), "devices",
                  devices, "points", points);
    if (birth && key)
        add_key(birth, key);
    char *text = birth ? json_dumps(birth, JSON_COMPACT) : NULL;
    json_decref(birth);
    return text;
}
