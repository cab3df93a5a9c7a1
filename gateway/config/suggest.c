#include "config/suggest.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAX_BYTES = 64 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t suggest_distance(const char *a, const char *b)
{
    size_t n = strlen(a);
    size_t m = strlen(b);
    size_t rows[3][NAME_MAX_BYTES];

    if (n >= NAME_MAX_BYTES || m >= NAME_MAX_BYTES)
        return SIZE_MAX;
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *row = rows[i % 3];
        const size_t *up = rows[(i + 2) % 3];
        const size_t *up2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t replaced = up[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = smaller(replaced, smaller(up[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = smaller(row[j], up2[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

void suggest_offer(struct suggest *s, const char *name)
{
    size_t letters = strlen(s->wanted);
    size_t near = smaller(letters / 3, 3);
    size_t distance =
        strcasecmp(s->wanted, name) == 0 ? 0 : suggest_distance(s->wanted, name);

    if (distance <= near && distance < letters && (!s->best || distance < s->distance)) {
        s->best = name;
        s->distance = distance;
    }
}
