#include "config/yaml_slip.h"

#include <string.h>

/* Each is three bytes of UTF-8. */
static const struct {
    const char *mark;
    const char *sentence;
} slips[] = {
    {"：", "a full-width '：', YAML wants ': '"},
    {"，", "a full-width '，', YAML wants ', '"},
    {"；", "a full-width '；', YAML wants ','"},
    {"｛", "a full-width '｛', YAML wants '{'"},
    {"｝", "a full-width '｝', YAML wants '}'"},
    {"［", "a full-width '［', YAML wants '['"},
    {"］", "a full-width '］', YAML wants ']'"},
    {"【", "a '【', YAML wants '['"},
    {"】", "a '】', YAML wants ']'"},
    {"“", "a full-width '“', YAML wants '\"'"},
    {"”", "a full-width '”', YAML wants '\"'"},
};

const char *yaml_slip_mark(const char *text, size_t size)
{
    for (size_t at = 0; at + 3 <= size && text[at] != '#'; at++)
        for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++)
            if (memcmp(text + at, slips[i].mark, 3) == 0)
                return slips[i].sentence;
    return NULL;
}

/* line_find - the @line of @text, from 1, without its end; *@ret_size 0 behind the end.
 */
static const char *line_find(const char *text, size_t size, int line, size_t *ret_size)
{
    const char *end = text + size;
    for (int i = 1; i < line && text < end; i++) {
        const char *next = memchr(text, '\n', (size_t)(end - text));
        text = next ? next + 1 : end;
    }
    const char *stop = memchr(text, '\n', (size_t)(end - text));
    *ret_size = (size_t)((stop ? stop : end) - text);
    return text;
}

const char *yaml_slip(const char *text, size_t size, int line, int *ret_line)
{
    const char *sentence = NULL;
    for (int at = line; at >= 1 && at >= line - 1 && !sentence; at--) {
        size_t length;
        const char *start = line_find(text, size, at, &length);
        sentence = yaml_slip_mark(start, length);
        *ret_line = at;
    }
    return sentence;
}

const char *yaml_slip_first(const char *text, size_t size, int line, int *ret_line)
{
    const char *sentence = NULL;
    for (int at = 1; at <= line && !sentence; at++) {
        size_t length;
        const char *start = line_find(text, size, at, &length);
        sentence = yaml_slip_mark(start, length);
        *ret_line = at;
    }
    return sentence;
}

bool yaml_slip_is_tab(const char *text, size_t size, int line, int column)
{
    size_t length;
    const char *start = line_find(text, size, line, &length);
    size_t at = 0;
    for (int letters = 1; at < length; at++) {
        letters += at > 0 && ((unsigned char)start[at] & 0xC0) != 0x80;
        if (letters == column)
            break;
    }
    return at < length && start[at] == '\t';
}
