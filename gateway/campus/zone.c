#include "campus/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campus/civil.h"
#include "campus/zone_rule.h"
#include "config/quantity.h"

/* The largest file of tzdata has 4 KB; names have 32 letters at most. */
enum { ZONE_FILE_MAX = 65536, ZONE_NAME_MAX = 64, HEADER_SIZE = 44, TYPE_SIZE = 6 };

/* No place on earth is further from UTC. */
enum { OFFSET_MAX_S = 14 * 3600 };

struct zone {
    int64_t *times; /* offsets[i] holds from times[i] on */
    int32_t *offsets;
    size_t count;
    int32_t first_s; /* before times[0] */
    bool has_rule;   /* after the last time */
    struct zone_rule rule;
};

/* tzif - the parts of one block of a TZif file. */
struct tzif {
    const unsigned char *bytes; /* after the header */
    size_t times;
    size_t types;
    size_t size; /* of the block, header included */
    size_t time_size;
};

static const struct {
    const char *name;
    int32_t offset_s;
} fixed_zones[] = {
    {"Asia/Shanghai", 8 * 3600},
    {"UTC", 0},
};

static uint64_t big_endian(const unsigned char *p, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | p[i];
    return value;
}

static int64_t read_time(const unsigned char *p, size_t size)
{
    uint64_t value = big_endian(p, size);
    return size == 4 ? (int32_t)(uint32_t)value : (int64_t)value;
}

/* tzif_parse - checks the header at @p and the block's size against @left. */
static bool tzif_parse(const unsigned char *p, size_t left, size_t time_size,
                       struct tzif *ret)
{
    enum { ISUT, ISSTD, LEAP, TIMES, TYPES, CHARS, COUNTS };
    size_t counts[COUNTS];

    if (left < HEADER_SIZE || memcmp(p, "TZif", 4) != 0)
        return false;
    for (size_t i = 0; i < COUNTS; i++) {
        counts[i] = (size_t)big_endian(p + 20 + 4 * i, 4);
        if (counts[i] > ZONE_FILE_MAX)
            return false;
    }
    *ret = (struct tzif){
        .bytes = p + HEADER_SIZE,
        .times = counts[TIMES],
        .types = counts[TYPES],
        .time_size = time_size,
        .size = HEADER_SIZE + counts[TIMES] * (time_size + 1) + counts[TYPES] * TYPE_SIZE
                + counts[CHARS] + counts[LEAP] * (time_size + 4) + counts[ISSTD]
                + counts[ISUT],
    };
    return ret->types > 0 && ret->size <= left;
}

static int zone_table(struct zone *z, const struct tzif *t)
{
    const unsigned char *indexes = t->bytes + t->times * t->time_size;
    const unsigned char *types = indexes + t->times;

    z->times = calloc(t->times + 1, sizeof(*z->times));
    z->offsets = calloc(t->times + 1, sizeof(*z->offsets));
    if (!z->times || !z->offsets)
        return -ENOMEM;
    z->first_s = (int32_t)big_endian(types, 4);
    for (size_t i = 0; i < t->times; i++) {
        if (indexes[i] >= t->types)
            return -EINVAL;
        z->times[i] = read_time(t->bytes + i * t->time_size, t->time_size);
        z->offsets[i] = (int32_t)big_endian(types + (size_t)indexes[i] * TYPE_SIZE, 4);
        if (i > 0 && z->times[i] <= z->times[i - 1])
            return -EINVAL;
    }
    z->count = t->times;
    return 0;
}

/* zone_footer - the rule between two newlines after the second block. */
static int zone_footer(struct zone *z, const unsigned char *p, size_t left)
{
    char text[128];
    const unsigned char *end = left > 0 ? memchr(p + 1, '\n', left - 1) : NULL;

    if (!end || *p != '\n' || (size_t)(end - p) > sizeof(text))
        return -EINVAL;
    size_t size = (size_t)(end - p) - 1;
    if (size == 0)
        return 0;
    memcpy(text, p + 1, size);
    text[size] = '\0';
    z->has_rule = zone_rule_parse(text, &z->rule) == 0;
    return z->has_rule ? 0 : -EINVAL;
}

/* zone_bytes - version 1 has one block; later ones repeat it with 64-bit times. */
static int zone_bytes(struct zone *z, const unsigned char *p, size_t size)
{
    struct tzif t;

    if (!tzif_parse(p, size, 4, &t))
        return -EINVAL;
    if (p[4] == '\0')
        return zone_table(z, &t);
    p += t.size;
    size -= t.size;
    if (!tzif_parse(p, size, 8, &t))
        return -EINVAL;
    int r = zone_table(z, &t);
    return r < 0 ? r : zone_footer(z, p + t.size, size - t.size);
}

static bool name_is_good(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789/_+-";
    return name[0] != '/' && name[0] != '\0' && strlen(name) < ZONE_NAME_MAX
           && strspn(name, letters) == strlen(name);
}

static int zone_file(struct zone *z, const char *name)
{
    char path[ZONE_NAME_MAX + 32];
    unsigned char *bytes = malloc(ZONE_FILE_MAX);
    int r = bytes ? 0 : -ENOMEM;

    (void)snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name); /* it fits */
    int fd = r == 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (r == 0 && fd < 0)
        r = -errno;
    if (r == 0) {
        ssize_t size = read(fd, bytes, ZONE_FILE_MAX);
        r = size < 0 ? -errno : zone_bytes(z, bytes, (size_t)size);
    }
    if (fd >= 0)
        close(fd);
    free(bytes);
    return r;
}

/* offset_parse - "+08:00". */
static bool offset_parse(const char *text, int32_t *ret_s)
{
    int32_t seconds = 0;

    if ((text[0] != '+' && text[0] != '-') || strlen(text) != 6
        || quantity_clock(text + 1, &seconds) < 0 || seconds > OFFSET_MAX_S)
        return false;
    *ret_s = text[0] == '-' ? -seconds : seconds;
    return true;
}

static bool offset_known(const char *name, int32_t *ret_s)
{
    for (size_t i = 0; i < sizeof(fixed_zones) / sizeof(fixed_zones[0]); i++) {
        if (strcmp(fixed_zones[i].name, name) == 0) {
            *ret_s = fixed_zones[i].offset_s;
            return true;
        }
    }
    return offset_parse(name, ret_s);
}

int zone_new(const char *name, struct zone **ret, struct gw_error *err)
{
    struct zone *z = calloc(1, sizeof(*z));
    int r = 0;

    if (!z)
        return gw_fail(err, -ENOMEM, "zone '%s': out of memory", name);
    if (!offset_known(name, &z->first_s)) {
        r = name_is_good(name) ? zone_file(z, name) : -EINVAL;
        if (r < 0) {
            zone_free(z);
            return gw_fail(err, r,
                           "'%.60s' is no time zone that is known here (allowed: a name "
                           "of /usr/share/zoneinfo such as Asia/Shanghai, or +08:00)",
                           name);
        }
    }
    *ret = z;
    return 0;
}

struct zone *zone_free(struct zone *z)
{
    if (!z)
        return NULL;
    free(z->times);
    free(z->offsets);
    free(z);
    return NULL;
}

int32_t zone_offset(const struct zone *z, int64_t utc_s)
{
    size_t low = 0;
    size_t high = z->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (z->times[middle] <= utc_s)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == z->count && z->has_rule)
        return zone_rule_offset(&z->rule, utc_s);
    return low == 0 ? z->first_s : z->offsets[low - 1];
}

/* utc_with - by the offset that holds a day before or after: no two changes are nearer.
 * false: local clocks never show @local_s under that offset. */
static bool utc_with(const struct zone *z, int64_t local_s, int64_t away_s, int64_t *ret)
{
    *ret = local_s - zone_offset(z, local_s + away_s);
    return *ret + zone_offset(z, *ret) == local_s;
}

int64_t zone_utc(const struct zone *z, int64_t local_s)
{
    int64_t before = 0;
    int64_t after = 0;

    if (!utc_with(z, local_s, -CIVIL_DAY_S, &before)
        && utc_with(z, local_s, CIVIL_DAY_S, &after))
        return after;
    return before;
}

int64_t zone_utc_again(const struct zone *z, int64_t local_s)
{
    int64_t after = 0;

    return utc_with(z, local_s, CIVIL_DAY_S, &after) ? after : zone_utc(z, local_s);
}
