#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mqtt/base64.h"
#include "mqtt/milesight.h"

enum { FRAME_MAX = 64 };

static size_t bytes_of(const char *hex, uint8_t ret[FRAME_MAX])
{
    size_t size = 0;
    for (; *hex; hex += 2) {
        unsigned byte;
        assert_int_equal(sscanf(hex, "%2x", &byte), 1);
        assert_true(size < FRAME_MAX);
        ret[size++] = (uint8_t)byte;
    }
    return size;
}

/* The raw number of @field in @hex, NAN when it is not there. */
static double raw_of(const char *hex, const char *field)
{
    uint8_t frame[FRAME_MAX];
    struct milesight_record records[MILESIGHT_RECORDS];
    struct milesight_field f;
    bool is_whole;
    double raw;
    size_t count = milesight_split(frame, bytes_of(hex, frame), records, &is_whole);
    assert_true(is_whole);
    assert_int_equal(milesight_field_read(field, &f, NULL), 0);
    return milesight_find(records, count, &f, &raw) ? raw : NAN;
}

/* Published frames: Milesight-IoT/SensorDecoders e79c9d8 and actility/device-catalog
 * 53ef3f3, vendors/milesight-iot. */
static const struct {
    const char *hex;
    const char *field;
    double raw;
} vectors[] = {
    {"04CC1200160005CC13001400", "04cc:u16", 18}, /* VS350, VS121 */
    {"04CC1200160005CC13001400", "04cc:u16:2", 22},
    {"04CC1200160005CC13001400", "05cc:u16", 19},
    {"03D24800000004D2C8000000", "03d2:u32", 72}, /* VS133 */
    {"03D24800000004D2C8000000", "04d2:u32", 200},
    {"0CD2B41400000DD28D1A0000", "0cd2:u32", 5300},
    {"0CD2B41400000DD28D1A0000", "0dd2:u32", 6797},
    {"03D2BE00000004D23101000005CC00000000", "03d2:u32", 190}, /* VS132 */
    {"03D2BE00000004D23101000005CC00000000", "04d2:u32", 305},
    {"04C9030800A106CD05", "04c9:u8", 3}, /* VS121 */
    {"04C9030800A106CD05", "06cd:u8", 5},
    {"06651C0079001400", "0665:u16", 28},                           /* AM107 */
    {"01756403670C0184CC011108110185CCE803E90301", "0175:u8", 100}, /* VS350 */
    {"01756403670C0184CC011108110185CCE803E90301", "0367:s16", 268},
    {"01756403670C0184CC011108110185CCE803E90301", "84cc:u16", 4353},
    {"01756403670C0184CC011108110185CCE803E90301", "84cc:u16:2", 4360},
    {"01756403670C0184CC011108110185CCE803E90301", "85cc:u16", 1000},
    {"03670A01046858050001"
     "06CB01077DFF02087DE3000973FE270B7D07000C7D0800017562",
     "0367:s16", 266}, /* AM308 */
    {"03670A01046858050001"
     "06CB01077DFF02087DE3000973FE270B7D07000C7D0800017562",
     "0468:u8", 88},
    {"03670A01046858050001"
     "06CB01077DFF02087DE3000973FE270B7D07000C7D0800017562",
     "077d:u16", 767},
    {"03670A01046858050001"
     "06CB01077DFF02087DE3000973FE270B7D07000C7D0800017562",
     "0b7d:u16", 7},
    {"03670A01046858050001"
     "06CB01077DFF02087DE3000973FE270B7D07000C7D0800017562",
     "0175:u8", 98},
    {"01756403671901046873057D670406736827", "057d:u16", 1127}, /* EM500-CO2 */
    {"017564039450000000", "0394:u32", 80},                     /* EM500-LGT */
    {"017510FF2E01", "ff2e:u8", 1},                             /* WS101 */
    {"017564030001040001", "0300:u8", 1},                       /* WS301 */
    {"017564055B053F02DA016A02", "055b:u16:3", 474},            /* WS302 */
    {"08700105812C07C94A0003743009068309660000048007000000", "0480:u32", 7}, /* WS523 */
    {"08700105812C07C94A0003743009068309660000048007000000", "07c9:u16", 74},
    {"05FD0300", "05fd:u16", 3}, /* VS321 */
};

static void published_frames_give_their_published_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++)
        assert_true(raw_of(vectors[i].hex, vectors[i].field) == vectors[i].raw);
}

static void negative_temperatures_keep_their_sign(void **state)
{
    (void)state;
    assert_true(raw_of("0367CEFF", "0367:s16") == -50);
    assert_true(raw_of("0367CEFF", "0367:u16") == 65486);
}

static void a_record_that_is_not_there_gives_nothing(void **state)
{
    (void)state;
    assert_true(isnan(raw_of("017564", "0367:s16")));
    assert_true(isnan(raw_of("017564", "0175:u16"))); /* wider than the record */
}

static void what_stands_before_an_unknown_record_is_kept(void **state)
{
    (void)state;
    uint8_t frame[FRAME_MAX];
    struct milesight_record records[MILESIGHT_RECORDS];
    bool is_whole = true;
    size_t size = bytes_of("01756477990102", frame);
    assert_int_equal(milesight_split(frame, size, records, &is_whole), 1);
    assert_false(is_whole);
    size = bytes_of("017564036719", frame); /* cut off */
    assert_int_equal(milesight_split(frame, size, records, &is_whole), 1);
    assert_false(is_whole);
}

static void stored_values_at_the_end_are_passed_over(void **state)
{
    (void)state;
    uint8_t frame[FRAME_MAX];
    struct milesight_record records[MILESIGHT_RECORDS];
    bool is_whole = false;
    size_t size = bytes_of("01756420CE9E74466310015D020000000100", frame);
    assert_int_equal(milesight_split(frame, size, records, &is_whole), 1);
    assert_true(is_whole);
}

static void a_field_with_a_fault_is_named(void **state)
{
    (void)state;
    const char *const bad[] = {"",          "04cc",       "04cc:u17", "4cc:u16",
                               "04cc:u16:", "04cc:u16:x", "zzcc:u16", "04cc:u16:2x"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct gw_error err = {0};
        struct milesight_field f;
        assert_int_equal(milesight_field_read(bad[i], &f, &err), -EINVAL);
        assert_non_null(strstr(err.text, "04cc:u16:2"));
    }
}

static void base64_gives_the_bytes_or_a_fault(void **state)
{
    (void)state;
    uint8_t bytes[8];
    assert_int_equal(base64_decode("BMwSABYA", bytes, sizeof(bytes)), 6);
    assert_memory_equal(bytes, "\x04\xcc\x12\x00\x16\x00", 6);
    assert_int_equal(base64_decode("AXVk", bytes, sizeof(bytes)), 3);
    assert_int_equal(base64_decode("/w==", bytes, sizeof(bytes)), 1);
    assert_int_equal(bytes[0], 0xff);
    assert_int_equal(base64_decode("//8=", bytes, sizeof(bytes)), 2);
    assert_int_equal(base64_decode("", bytes, sizeof(bytes)), 0);
    const char *const bad[] = {
        "A", "AAA", "A===", "====", "AA!A", "AXVkAXVkAXVk", "A=AA"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_int_equal(base64_decode(bad[i], bytes, sizeof(bytes)), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_frames_give_their_published_values),
        cmocka_unit_test(negative_temperatures_keep_their_sign),
        cmocka_unit_test(a_record_that_is_not_there_gives_nothing),
        cmocka_unit_test(what_stands_before_an_unknown_record_is_kept),
        cmocka_unit_test(stored_values_at_the_end_are_passed_over),
        cmocka_unit_test(a_field_with_a_fault_is_named),
        cmocka_unit_test(base64_gives_the_bytes_or_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
