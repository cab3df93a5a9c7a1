#include "payload.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base64.h"

enum { TEXT_MAX = 64 }; /* bytes of a value as text */

static const char *const default_words[] = {"false", "off", "true", "on"};
static const double default_values[] = {0, 0, 1, 1};
static const struct gw_map default_states = {default_words, default_values, 4};

static const char *const whole_payload[] = {"."};

static size_t count_openings(const char *bytes, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += bytes[i] == '[' || bytes[i] == '{';
    return count;
}

/* Arrays and objects open at once; jansson itself would go 2,048 deep.  Few messages have
 * so many at all that it is worth a closer look. */
static bool is_too_deep(const char *bytes, size_t size)
{
    int depth = 0;
    if (count_openings(bytes, size) <= PAYLOAD_DEPTH)
        return false;
    bool in_text = false;
    for (size_t i = 0; i < size; i++) {
        char c = bytes[i];
        if (in_text && c == '\\')
            i++;
        else if (c == '"')
            in_text = !in_text;
        else if (!in_text && (c == '[' || c == '{') && ++depth > PAYLOAD_DEPTH)
            return true;
        else if (!in_text && (c == ']' || c == '}'))
            depth--;
    }
    return false;
}

static bool fail(struct mqtt_payload *p, const char *fault)
{
    p->is_malformed = true;
    p->fault = fault;
    return false;
}

static bool open_json(struct mqtt_payload *p)
{
    if (is_too_deep(p->bytes, p->size))
        return fail(p, "JSON is nested too deep");
    p->json = json_loadb(p->bytes, p->size, JSON_DECODE_ANY, NULL);
    if (p->json)
        return true;
    /* A bare word such as open is a value; what opens a document is a broken one. */
    size_t at = 0;
    while (at < p->size && strchr(" \t\r\n", p->bytes[at]))
        at++;
    bool is_document = at < p->size && p->bytes[at] && strchr("{[\"", p->bytes[at]);
    return is_document ? fail(p, "not valid JSON") : true;
}

static bool open_frame(struct mqtt_payload *p, const struct json_path *frame_path)
{
    const char *text = json_string_value(json_path_find(frame_path, p->json));
    if (!text)
        return true; /* a join or status message */
    int size = base64_decode(text, p->frame, sizeof(p->frame));
    if (size < 0)
        return fail(p, "the frame is not base64 of at most 255 bytes");
    bool is_whole;
    p->record_count = milesight_split(p->frame, (size_t)size, p->records, &is_whole);
    return is_whole || fail(p, "the frame holds an unknown or incomplete record");
}

void mqtt_payload_open(struct mqtt_payload *p, enum mqtt_payload_format format,
                       const void *bytes, size_t size, const struct json_path *frame_path)
{
    p->bytes = size ? bytes : "";
    p->size = size;
    p->json = NULL;
    p->record_count = 0;
    p->is_malformed = false;
    p->fault = NULL;
    if (format != PAYLOAD_TEXT && open_json(p) && format == PAYLOAD_MILESIGHT)
        (void)open_frame(p, frame_path);
}

void mqtt_payload_close(struct mqtt_payload *p)
{
    json_decref(p->json);
    p->json = NULL;
}

static bool find_state(const struct gw_map *states, const char *text, double *ret)
{
    for (size_t i = 0; i < states->count; i++)
        if (!strcasecmp(states->keys[i], text)) {
            *ret = states->values[i];
            return true;
        }
    return false;
}

static bool read_number(const char *text, double *ret)
{
    size_t length = strlen(text);
    if (!length || strspn(text, "0123456789+-.eE") != length)
        return false;
    char *end;
    double value = strtod(text, &end);
    if (*end || !isfinite(value))
        return false;
    *ret = value;
    return true;
}

/* The point's own states go before a number, so that {"1": 0, "0": 1} turns round. */
static enum mqtt_payload_value from_text(const char *text, const struct gw_map *states,
                                         double *ret)
{
    bool has_states = states && states->count;
    if (find_state(has_states ? states : &default_states, text, ret))
        return has_states ? PAYLOAD_NUMBER : PAYLOAD_TRUTH;
    return read_number(text, ret) ? PAYLOAD_NUMBER : PAYLOAD_UNREADABLE;
}

static enum mqtt_payload_value from_bytes(const char *bytes, size_t size,
                                          const struct gw_map *states, double *ret)
{
    while (size && strchr(" \t\r\n", bytes[size - 1]) && bytes[size - 1])
        size--;
    while (size && strchr(" \t\r\n", *bytes) && *bytes) {
        bytes++;
        size--;
    }
    char text[TEXT_MAX];
    if (size >= sizeof(text) || memchr(bytes, '\0', size))
        return PAYLOAD_UNREADABLE;
    memcpy(text, bytes, size);
    text[size] = '\0';
    return from_text(text, states, ret);
}

static enum mqtt_payload_value from_json(const json_t *value, const struct gw_map *states,
                                         double *ret)
{
    char text[TEXT_MAX];
    switch (json_typeof(value)) {
    case JSON_TRUE:
        return from_text("true", states, ret);
    case JSON_FALSE:
        return from_text("false", states, ret);
    case JSON_STRING:
        return from_bytes(json_string_value(value), json_string_length(value), states,
                          ret);
    case JSON_INTEGER:
        (void)snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
                       json_integer_value(value));
        if (!states || !find_state(states, text, ret))
            *ret = (double)json_integer_value(value);
        return PAYLOAD_NUMBER;
    case JSON_REAL:
        *ret = json_real_value(value);
        return PAYLOAD_NUMBER;
    default:
        return PAYLOAD_UNREADABLE;
    }
}

static bool is_scalar(const json_t *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

static enum mqtt_payload_value read_json(const struct mqtt_payload *p,
                                         const struct mqtt_payload_point *point,
                                         double *ret)
{
    if (p->is_malformed)
        return PAYLOAD_UNREADABLE;
    if (!p->json)
        return from_bytes(p->bytes, p->size, point->states, ret);
    bool found = false;
    for (size_t i = 0; i < point->count; i++) {
        const json_t *value = json_path_find(point->paths[i], p->json);
        if (value && is_scalar(value))
            return from_json(value, point->states, ret);
        found |= value != NULL;
    }
    return found ? PAYLOAD_UNREADABLE : PAYLOAD_MISSING;
}

static enum mqtt_payload_value read_frame(const struct mqtt_payload *p,
                                          const struct mqtt_payload_point *point,
                                          double *ret)
{
    for (size_t i = 0; i < point->count; i++)
        if (milesight_find(p->records, p->record_count, &point->fields[i], ret)) {
            char text[TEXT_MAX];
            (void)snprintf(text, sizeof(text), "%.0f", *ret);
            if (point->states)
                (void)find_state(point->states, text, ret);
            return PAYLOAD_NUMBER;
        }
    return p->json ? PAYLOAD_MISSING : PAYLOAD_UNREADABLE;
}

enum mqtt_payload_value mqtt_payload_read(const struct mqtt_payload *p,
                                          enum mqtt_payload_format format,
                                          const struct mqtt_payload_point *point,
                                          double *ret)
{
    switch (format) {
    case PAYLOAD_TEXT:
        return from_bytes(p->bytes, p->size, point->states, ret);
    case PAYLOAD_MILESIGHT:
        return read_frame(p, point, ret);
    case PAYLOAD_JSON:
        break;
    }
    return read_json(p, point, ret);
}

int mqtt_payload_point_init(struct mqtt_payload_point *p, enum mqtt_payload_format format,
                            const struct gw_strings *paths, const struct gw_map *states,
                            struct gw_error *err)
{
    static const struct gw_strings whole = {whole_payload, 1};
    *p = (struct mqtt_payload_point){.states = states};
    if (format == PAYLOAD_TEXT)
        return 0;
    if (!paths->count)
        paths = &whole;
    bool is_frame = format == PAYLOAD_MILESIGHT;
    void *places =
        calloc(paths->count, is_frame ? sizeof(*p->fields) : sizeof(*p->paths));
    if (!places)
        return gw_fail(err, -ENOMEM, "path: out of memory");
    if (is_frame)
        p->fields = places;
    else
        p->paths = places;
    for (; p->count < paths->count; p->count++) {
        const char *text = paths->items[p->count];
        int r = is_frame ? milesight_field_read(text, &p->fields[p->count], err)
                         : json_path_new(text, &p->paths[p->count], err);
        if (r < 0)
            return r;
    }
    return 0;
}

void mqtt_payload_point_done(struct mqtt_payload_point *p,
                             enum mqtt_payload_format format)
{
    if (format == PAYLOAD_MILESIGHT) {
        free(p->fields);
    } else {
        for (size_t i = 0; p->paths && i < p->count; i++)
            json_path_free(p->paths[i]);
        free(p->paths);
    }
    *p = (struct mqtt_payload_point){0};
}
