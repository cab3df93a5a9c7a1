#include "config/yaml_slip.h"

#include <string.h>

/* is_blank: in a text it is meant, beside a sign of YAML's or before the first it is not.
 */
static const struct {
    const char *mark;
    const char *sentence;
    bool is_blank;
} slips[] = {
    {"：", "a full-width '：', YAML wants ': '", false},
    {"，", "a full-width '，', YAML wants ', '", false},
    {"；", "a full-width '；', YAML wants ','", false},
    {"｛", "a full-width '｛', YAML wants '{'", false},
    {"｝", "a full-width '｝', YAML wants '}'", false},
    {"［", "a full-width '［', YAML wants '['", false},
    {"］", "a full-width '］', YAML wants ']'", false},
    {"【", "a '【', YAML wants '['", false},
    {"】", "a '】', YAML wants ']'", false},
    {"“", "a full-width '“', YAML wants '\"'", false},
    {"”", "a full-width '”', YAML wants '\"'", false},
    {"\u3000", "a full-width blank, YAML wants a plain one", true},
    {"\u00a0", "a no-break space, YAML wants a plain one", true},
};

static bool is_behind_sign(const char *text, size_t at)
{
    return at == 0 || strchr(" :,-{}[]\"", text[at - 1]);
}

const char *yaml_slip_mark(const char *text, size_t size)
{
    for (size_t at = 0; at < size && text[at] != '#'; at++)
        for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
            size_t length = strlen(slips[i].mark);
            if (length <= size - at && memcmp(text + at, slips[i].mark, length) == 0
                && (!slips[i].is_blank || is_behind_sign(text, at)))
                return slips[i].sentence;
        }
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

/* rest_find - @line without what it is indented by, *ret_indent letters. */
static const char *rest_find(const char *text, size_t size, int line, size_t *ret_size,
                             size_t *ret_indent)
{
    size_t length;
    const char *start = line_find(text, size, line, &length);
    size_t indent = 0;
    while (indent < length && start[indent] == ' ')
        indent++;
    *ret_size = length - indent;
    *ret_indent = indent;
    return start + indent;
}

static bool is_item(const char *rest, size_t size)
{
    return size > 1 && rest[0] == '-' && rest[1] == ' ';
}

/* is_value - what stands behind a '- ', and not behind a key: a mapping or list in
 * brackets, or a text without a colon. */
static bool is_value(const char *rest, size_t size)
{
    return size > 0 && rest[0] != '#' && rest[0] != '-'
           && (rest[0] == '{' || rest[0] == '[' || !memchr(rest, ':', size));
}

/* lacks_dash - @line has a value where the line before or behind it, indented alike or by
 * the sign less, has an item of a list. */
static bool lacks_dash(const char *text, size_t size, int line)
{
    size_t length;
    size_t indent;
    const char *rest = rest_find(text, size, line, &length, &indent);
    if (line < 1 || !is_value(rest, length))
        return false;
    for (int beside = line - 1; beside <= line + 1; beside += 2) {
        size_t its;
        size_t deep;
        const char *other = rest_find(text, size, beside, &its, &deep);
        if (beside > 0 && is_item(other, its) && (deep == indent || deep + 2 == indent))
            return true;
    }
    return false;
}

bool yaml_slip_lacks_dash(const char *text, size_t size, int line, int *ret_line)
{
    for (int at = line; at >= line - 1; at--) {
        *ret_line = at;
        if (lacks_dash(text, size, at))
            return true;
    }
    return false;
}
