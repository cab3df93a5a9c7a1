#include "config/quantity.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nobody configures a wait of more than ten years; it keeps sums far from overflow. */
static const double DURATION_MAX_US = 10.0 * 366 * 86400 * 1e6;

static const struct {
    const char *name;
    int64_t us;
} units[] = {
    {"d", 86400000000}, {"h", 3600000000}, {"min", 60000000},
    {"s", 1000000},     {"ms", 1000},
};

enum { UNITS = sizeof(units) / sizeof(units[0]) };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_digits(const char *p)
{
    while (is_digit(*p))
        p++;
    return p;
}

/* number_end - where a decimal number ends that starts at @text, or NULL. */
static const char *number_end(const char *text)
{
    const char *p = *text == '-' || *text == '+' ? text + 1 : text;

    if (!is_digit(*p))
        return NULL;
    p = skip_digits(p);
    if (*p == '.') {
        if (!is_digit(p[1]))
            return NULL;
        p = skip_digits(p + 1);
    }
    if (*p == 'e' || *p == 'E') {
        const char *exponent = p[1] == '-' || p[1] == '+' ? p + 2 : p + 1;
        if (is_digit(*exponent))
            p = skip_digits(exponent);
    }
    return p;
}

/* number_prefix - the number at the start of @text; *ret_rest is what follows. */
static int number_prefix(const char *text, double *ret, const char **ret_rest)
{
    const char *end = number_end(text);
    if (!end)
        return -EINVAL;

    /* glibc's "C" locale is static: nothing to release but for form. */
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0)
        return -EINVAL;
    double value = strtod_l(text, NULL, c);
    freelocale(c);
    if (!isfinite(value))
        return -ERANGE;
    *ret = value;
    *ret_rest = end;
    return 0;
}

int quantity_whole(const char *text, int64_t *ret)
{
    const char *digits = *text == '-' || *text == '+' ? text + 1 : text;
    bool is_hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    char *end = NULL;

    if (!is_digit(*digits) || (digits[0] == '0' && is_digit(digits[1])))
        return -EINVAL;
    errno = 0;
    long long value = strtoll(text, &end, is_hex ? 16 : 10);
    if (*end != '\0')
        return -EINVAL;
    if (errno == ERANGE)
        return -ERANGE;
    *ret = value;
    return 0;
}

int quantity_number(const char *text, double *ret)
{
    const char *rest = NULL;
    double value = 0;
    int r = number_prefix(text, &value, &rest);
    if (r < 0)
        return r;
    if (*rest != '\0')
        return -EINVAL;
    *ret = value;
    return 0;
}

int quantity_share(const char *text, double *ret)
{
    const char *rest = NULL;
    double value = 0;
    int r = number_prefix(text, &value, &rest);
    if (r < 0)
        return r;
    if (strcmp(rest, "%") != 0)
        return -EINVAL;
    if (value < 0 || value > 100)
        return -ERANGE;
    *ret = value / 100;
    return 0;
}

int quantity_duration(const char *text, int64_t *ret_us)
{
    const char *rest = NULL;
    double value = 0;
    int r = number_prefix(text, &value, &rest);
    if (r < 0)
        return r;
    for (size_t i = 0; i < UNITS; i++) {
        if (strcmp(rest, units[i].name) != 0)
            continue;
        double us = value * (double)units[i].us;
        if (us < 0 || us > DURATION_MAX_US)
            return -ERANGE;
        *ret_us = llround(us);
        return 0;
    }
    return -EINVAL;
}

int quantity_clock(const char *text, int32_t *ret_s)
{
    static const int most[] = {24, 59, 59};
    int parts[3] = {0};
    size_t n = 0;

    for (const char *p = text;; p += 3) {
        if (n == 3 || !is_digit(p[0]) || !is_digit(p[1]))
            return -EINVAL;
        parts[n] = (p[0] - '0') * 10 + (p[1] - '0');
        if (parts[n] > most[n])
            return -ERANGE;
        n++;
        if (p[2] == '\0')
            break;
        if (p[2] != ':')
            return -EINVAL;
    }
    int32_t seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
    if (n < 2)
        return -EINVAL;
    if (seconds > 86400)
        return -ERANGE;
    *ret_s = seconds;
    return 0;
}

void quantity_duration_text(int64_t us, char *ret, unsigned size)
{
    size_t i = 0;
    while (i < UNITS - 1 && (us == 0 || us % units[i].us != 0))
        i++;
    if (us == 0)
        i = UNITS - 2;
    snprintf(ret, size, "%lld%s", (long long)(us / units[i].us), units[i].name);
}
