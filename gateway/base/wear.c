#include "base/wear.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int64_t hour_us = INT64_C(3600) * 1000000;

int64_t wear_of(const char *text)
{
    static const char key[] = "\nwrite_bytes: ";
    const char *found = strstr(text, key);
    if (!found)
        return -1;
    const char *digits = found + sizeof(key) - 1;
    char *end = NULL;
    errno = 0;
    long long bytes = strtoll(digits, &end, 10);
    return errno == 0 && end > digits && *end == '\n' && bytes >= 0 ? bytes : -1;
}

int64_t wear_bytes(void)
{
    char text[512];
    int fd = open("/proc/self/io", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t size = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (size < 0)
        return -1;
    text[size] = '\0';
    return wear_of(text);
}

int64_t wear_per_day(int64_t bytes, int64_t span_us)
{
    if (bytes < 0 || span_us < hour_us)
        return -1;
    return (int64_t)((double)bytes * 24 * (double)hour_us / (double)span_us);
}

double wear_years(double endurance_tb, int64_t per_day)
{
    if (endurance_tb <= 0 || per_day <= 0)
        return NAN;
    return endurance_tb * 1e12 / (double)per_day / 365.25;
}
