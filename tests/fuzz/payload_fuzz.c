/* payload_fuzz.c - a message of the school's broker: JSON, plain text, LoRaWAN frames.
 *
 *     json|text|milesight \n paths, a blank between \n frame path \n payload
 */
#include <math.h>

#include "fuzz.h"
#include "mqtt/payload.h"
#include "mqtt/source_time.h"

enum { PATHS_MAX = 4 };

static const char *const state_names[] = {"open", "closed", "在位"};
static const double state_values[] = {1, 0, 2};
static const struct gw_map states = {state_names, state_values, 3};

static enum mqtt_payload_format format_of(const char *word)
{
    if (strcmp(word, "milesight") == 0)
        return PAYLOAD_MILESIGHT;
    return strcmp(word, "text") == 0 ? PAYLOAD_TEXT : PAYLOAD_JSON;
}

/* Cuts @text at its blanks in place. */
static size_t split(char *text, const char *ret[PATHS_MAX])
{
    size_t n = 0;
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word && n < PATHS_MAX;
         word = strtok_r(NULL, " ", &rest))
        ret[n++] = word;
    return n;
}

static void read_point(const struct mqtt_payload *p, enum mqtt_payload_format format,
                       const struct mqtt_payload_point *point)
{
    double value = NAN;
    enum mqtt_payload_value found = mqtt_payload_read(p, format, point, &value);
    if (found == PAYLOAD_NUMBER || found == PAYLOAD_TRUTH)
        fuzz_claim(isfinite(value), "a number is finite");
}

static void read_payload(const struct fuzz_input *in, enum mqtt_payload_format format,
                         const struct mqtt_payload_point *point,
                         const struct json_path *frame)
{
    struct mqtt_payload p;
    char *bytes = fuzz_copy(in->at, in->left);
    mqtt_payload_open(&p, format, bytes, in->left, frame);
    fuzz_claim(!p.is_malformed || p.fault, "a malformed payload says why");
    read_point(&p, format, point);
    if (p.json) {
        int64_t time_us = source_time_read(json_object_get(p.json, "time"));
        fuzz_claim(time_us == GW_TIME_NONE || time_us > INT64_C(1577000000000000),
                   "a source's time is of this century");
    }
    mqtt_payload_close(&p);
    free(bytes);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input in = {(const char *)bytes, size};
    char *word = fuzz_line(&in);
    char *paths = fuzz_line(&in);
    char *frame_path = fuzz_line(&in);
    enum mqtt_payload_format format = format_of(word);
    const char *items[PATHS_MAX];
    struct gw_strings list = {items, split(paths, items)};
    struct mqtt_payload_point point = {0};
    struct json_path *frame = NULL;

    bool has_frame = !*frame_path || json_path_new(frame_path, &frame, NULL) == 0;
    if (mqtt_payload_point_init(&point, format, &list, &states, NULL) == 0 && has_frame
        && (frame || format != PAYLOAD_MILESIGHT))
        read_payload(&in, format, &point, frame);
    mqtt_payload_point_done(&point, format);
    frame = json_path_free(frame);
    free(word);
    free(paths);
    free(frame_path);
    return 0;
}
