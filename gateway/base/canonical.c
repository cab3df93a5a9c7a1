#include "base/canonical.h"

#include <errno.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

/* Beyond it there are integers that no double is. */
static const json_int_t integer_max = INT64_C(1) << 53;

enum { DIGITS_MAX = 17, FIXED_MAX = 21, FRACTION_ZEROS_MAX = 6 };

/* --- numbers: ECMAScript's Number::toString ----------------------------------------- */

/* The fewest digits that read back as @value, above zero; it is 0.DIGITS * 10^*ret_point.
 */
static void shortest(double value, char ret[DIGITS_MAX + 1], int *ret_point)
{
    char text[40];
    int places = 0;
    do
        (void)snprintf(text, sizeof(text), "%.*e", places, value);
    while (++places < DIGITS_MAX && strtod(text, NULL) != value);
    const char *exponent = strchr(text, 'e');
    size_t used = 0;
    for (const char *c = text; c < exponent && used < DIGITS_MAX; c++)
        if (*c != '.')
            ret[used++] = *c;
    ret[used] = '\0';
    *ret_point = (int)strtol(exponent + 1, NULL, 10) + 1;
}

static void add_zeros(struct strbuf *b, int count)
{
    for (int i = 0; i < count; i++)
        strbuf_add(b, "0");
}

static void add_real(struct strbuf *b, double value)
{
    char digits[DIGITS_MAX + 1];
    int point = 0;
    if (value == 0) { /* -0 too */
        strbuf_add(b, "0");
        return;
    }
    if (value < 0)
        strbuf_add(b, "-");
    shortest(fabs(value), digits, &point);
    const int count = (int)strlen(digits);
    if (point > FIXED_MAX || point <= -FRACTION_ZEROS_MAX) {
        strbuf_format(b, "%.1s%s%s", digits, count > 1 ? "." : "", digits + 1);
        strbuf_format(b, "e%+d", point - 1);
    } else if (point <= 0) {
        strbuf_add(b, "0.");
        add_zeros(b, -point);
        strbuf_add(b, digits);
    } else if (point < count) {
        strbuf_format(b, "%.*s.%s", point, digits, digits + point);
    } else {
        strbuf_add(b, digits);
        add_zeros(b, point - count);
    }
}

/* --- texts ----------------------------------------------------------------------------
 */

static void add_string(struct strbuf *b, const char *text)
{
    static const char named[] = "\b\t\n\f\r\"\\";
    static const char letters[] = "btnfr\"\\";
    strbuf_add(b, "\"");
    for (; *text; text++) {
        const char *found = strchr(named, *text);
        if (found)
            strbuf_format(b, "\\%c", letters[found - named]);
        else if ((unsigned char)*text < 0x20)
            strbuf_format(b, "\\u%04x", (unsigned)*text);
        else
            strbuf_add_bytes(b, text, 1);
    }
    strbuf_add(b, "\"");
}

/* UTF-16 has what needs four bytes here before U+E000; all else is in order. */
static int weight(unsigned char byte)
{
    if (byte == 0xEE || byte == 0xEF)
        return byte + 0x10;
    return byte >= 0xF0 ? byte - 2 : byte;
}

static int compare_keys(const void *a, const void *b)
{
    const char *x = *(const char *const *)a;
    const char *y = *(const char *const *)b;
    while (*x && *x == *y) {
        x++;
        y++;
    }
    return weight((unsigned char)*x) - weight((unsigned char)*y);
}

/* --- values ---------------------------------------------------------------------------
 */

static void add_value(struct strbuf *b, const json_t *value);

static void add_object(struct strbuf *b, const json_t *object)
{
    const size_t count = json_object_size(object);
    const char **keys = calloc(count + 1, sizeof(*keys));
    size_t used = 0;
    if (!keys) {
        b->has_failed = true;
        return;
    }
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)object, key, member) keys[used++] = key;
    if (used > 1)
        qsort(keys, used, sizeof(*keys), compare_keys);
    strbuf_add(b, "{");
    for (size_t i = 0; i < used; i++) {
        strbuf_add(b, i > 0 ? "," : "");
        add_string(b, keys[i]);
        strbuf_add(b, ":");
        add_value(b, json_object_get(object, keys[i]));
    }
    strbuf_add(b, "}");
    free(keys);
}

static void add_array(struct strbuf *b, const json_t *array)
{
    strbuf_add(b, "[");
    for (size_t i = 0; i < json_array_size(array); i++) {
        strbuf_add(b, i > 0 ? "," : "");
        add_value(b, json_array_get(array, i));
    }
    strbuf_add(b, "]");
}

static void add_integer(struct strbuf *b, json_int_t value)
{
    if (value < -integer_max || value > integer_max)
        b->has_failed = true;
    else
        strbuf_format(b, "%" JSON_INTEGER_FORMAT, value);
}

static void add_value(struct strbuf *b, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        add_object(b, value);
        break;
    case JSON_ARRAY:
        add_array(b, value);
        break;
    case JSON_STRING:
        add_string(b, json_string_value(value));
        break;
    case JSON_INTEGER:
        add_integer(b, json_integer_value(value));
        break;
    case JSON_REAL:
        add_real(b, json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        strbuf_add(b, json_is_true(value) ? "true" : "false");
        break;
    case JSON_NULL:
    default:
        strbuf_add(b, "null");
        break;
    }
}

char *canonical_json(const json_t *value)
{
    struct strbuf b = {0};
    if (!value)
        return NULL;
    add_value(&b, value);
    return strbuf_take(&b);
}

int canonical_digest(const json_t *value, unsigned char ret[CANONICAL_DIGEST])
{
    char *text = canonical_json(value);
    if (!text)
        return -EINVAL;
    (void)crypto_hash_sha256(ret, (const unsigned char *)text, strlen(text));
    free(text);
    return 0;
}

void canonical_hex(const unsigned char digest[CANONICAL_DIGEST],
                   char ret[CANONICAL_HEX_MAX])
{
    (void)sodium_bin2hex(ret, CANONICAL_HEX_MAX, digest, CANONICAL_DIGEST);
}
