/* mapping_fields.c - what the contract's schemas say of a field. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "uplink/contract_documents.h"
#include "uplink/mapping_parts.h"

static const char time_pattern[] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T";
static const char point_pattern[] = "^[A-Za-z0-9._-]{1,63}/";

/* How far fields are named in a list of them. */
enum { DEPTH_MAX = 4, LIST_MAX = 700 };

json_t *mapping_schema(const char *kind)
{
    for (const struct contract_document *d = contract_schemas; d->name; d++)
        if (strcmp(d->name, kind) == 0)
            return json_loads(d->text, 0, NULL);
    return NULL;
}

static void add(char *ret, size_t size, const char *word)
{
    size_t at = strlen(ret);
    if (at + strlen(word) + 3 < size)
        (void)snprintf(ret + at, size - at, "%s%s", at > 0 ? ", " : "", word);
}

const char *mapping_kinds(char *ret, size_t size)
{
    *ret = '\0';
    for (const struct contract_document *d = contract_schemas; d->name; d++)
        add(ret, size, d->name);
    return ret;
}

bool mapping_field_has_type(const json_t *field, const char *type)
{
    const json_t *said = json_object_get(field, "type");
    size_t i;
    const json_t *one;
    if (json_is_string(said))
        return strcmp(json_string_value(said), type) == 0;
    json_array_foreach(said, i, one)
    {
        if (strcmp(json_string_value(one), type) == 0)
            return true;
    }
    return false;
}

static bool has_pattern(const json_t *field, const char *begin)
{
    const char *said = json_string_value(json_object_get(field, "pattern"));
    return said && strncmp(said, begin, strlen(begin)) == 0;
}

bool mapping_field_is_time(const json_t *field)
{
    return has_pattern(field, time_pattern);
}

bool mapping_field_is_point(const json_t *field)
{
    return has_pattern(field, point_pattern);
}

static bool is_required(const json_t *schema, const char *key)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(schema, "required"), i, one)
    {
        if (strcmp(json_string_value(one), key) == 0)
            return true;
    }
    return false;
}

/* step - the field @key of an object of @schema: a named one, or any of a free map. */
static const json_t *step(const json_t *schema, const char *key, bool *is_sure)
{
    const json_t *field = json_object_get(json_object_get(schema, "properties"), key);
    *is_sure = *is_sure && is_required(schema, key);
    if (field)
        return field;
    field = json_object_get(schema, "additionalProperties");
    return json_is_object(field) && *key ? field : NULL;
}

const json_t *mapping_field(const json_t *schema, const char *path, bool *ret_is_sure)
{
    const json_t *at = schema;
    bool is_sure = true;
    for (const char *key = path; at && key; key = strchr(key, '.')) {
        char name[GW_ID_MAX];
        key += *key == '.';
        (void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(key, "."), key);
        at = step(at, name, &is_sure);
    }
    *ret_is_sure = is_sure && !mapping_field_has_type(at, "null");
    return at;
}

/* Of whatever a value of the schema can be, the schema says what it is. */
static bool is_named(const json_t *field)
{
    return json_object_get(field, "type") || json_object_get(field, "enum")
           || json_object_get(field, "const");
}

bool mapping_field_is_plain(const json_t *field)
{
    if (!is_named(field) || json_object_get(field, "properties"))
        return false;
    if (mapping_field_has_type(field, "array"))
        return mapping_field_is_plain(json_object_get(field, "items"));
    if (mapping_field_has_type(field, "object"))
        return mapping_field_is_plain(json_object_get(field, "additionalProperties"));
    return true;
}

/* item_of - what $each goes through; NULL = there is nothing to go through. */
static json_t *item_of(const json_t *field)
{
    json_t *value = json_object_get(field, "additionalProperties");
    if (mapping_field_has_type(field, "array"))
        return json_incref(json_object_get(field, "items"));
    if (!mapping_field_has_type(field, "object") || !json_is_object(value))
        return NULL;
    return json_pack("{s:{s:{s:s}, s:O}, s:[s, s]}", "properties", "key", "type",
                     "string", "value", value, "required", "key", "value");
}

json_t *mapping_field_each(const json_t *schema, const json_t *field)
{
    json_t *item = item_of(field);
    json_t *fields = json_copy(json_object_get(schema, "properties"));
    json_t *ret = json_copy((json_t *)schema);
    bool is_good = item && json_object_set(fields, "item", item) == 0
                   && json_object_set(ret, "properties", fields) == 0;
    json_decref(item);
    json_decref(fields);
    if (!is_good)
        json_decref(ret);
    return is_good ? ret : NULL;
}

bool mapping_field_is_value(const json_t *field, const char *text)
{
    const json_t *all = json_object_get(field, "enum");
    size_t i;
    const json_t *one;
    if (!json_is_array(all))
        return true;
    json_array_foreach(all, i, one)
    {
        char word[MAPPING_WORD_MAX];
        if (mapping_word(one, word) && strcmp(word, text) == 0)
            return true;
    }
    return false;
}

const char *mapping_field_values(const json_t *field, char *ret, size_t size)
{
    size_t i;
    const json_t *one;
    *ret = '\0';
    json_array_foreach(json_object_get(field, "enum"), i, one)
    {
        char word[MAPPING_WORD_MAX];
        if (mapping_word(one, word))
            add(ret, size, word);
    }
    return ret;
}

/* offer - the plain fields below @schema.  The list is cut where it is full; what was
 * meant is looked for in all of it. */
static void offer(const json_t *schema, const char *prefix, int depth,
                  struct suggest *near, struct arena *arena, char *ret, size_t size)
{
    const char *key;
    json_t *field;
    json_object_foreach((json_t *)json_object_get(schema, "properties"), key, field)
    {
        const char *name = arena_format(arena, "%s%s", prefix, key);
        if (!name)
            return;
        if (mapping_field_is_plain(field)) {
            add(ret, size, name);
            suggest_offer(near, name);
        }
        const char *below = arena_format(arena, "%s.", name);
        if (below && depth < DEPTH_MAX)
            offer(field, below, depth + 1, near, arena, ret, size);
    }
}

void mapping_unknown(struct mapping_reader *r, struct config_mark mark, const char *path,
                     const char *name, bool takes_fixed)
{
    static const char *const fixed[] = {"division", "school", "gateway",
                                        "title",    "kind",   "number"};
    struct suggest near = {.wanted = name};
    char all[LIST_MAX] = "";
    offer(r->schema, "", 1, &near, mapping_passing(r), all, sizeof(all));
    for (size_t i = 0; takes_fixed && i < config_count(r->names); i++)
        suggest_offer(&near, config_key(r->names, i));
    for (size_t i = 0; takes_fixed && i < sizeof(fixed) / sizeof(fixed[0]); i++)
        suggest_offer(&near, fixed[i]);
    if (near.best)
        config_fault(r->src->faults, mark, path,
                     "there is no single field '%.80s' (did you mean '%s'?)", name,
                     near.best);
    else if (takes_fixed)
        config_fault(r->src->faults, mark, path,
                     "there is no single field '%.80s' (allowed: division, school, "
                     "gateway, title, what stands under names%s%s)",
                     name, r->schema ? ", kind, number, " : "", all);
    else
        config_fault(r->src->faults, mark, path,
                     "there is no single field '%.80s' (allowed: %s)", name, all);
}
