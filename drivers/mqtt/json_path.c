#include "json_path.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum step_kind { STEP_KEY, STEP_INDEX, STEP_WHERE };

struct json_step {
    enum step_kind kind;
    const char *key;  /* of KEY and WHERE */
    const char *text; /* of WHERE */
    size_t index;     /* of INDEX */
};

/* One piece of memory, no larger than its text asks: a school has thousands. */
struct json_path {
    size_t count;
    char *text; /* behind the steps, cut into pieces by NULs */
    struct json_step steps[];
};

static bool is_number(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length <= 4 && strspn(text, "0123456789") == length;
}

/* What stands in brackets: "0" or "key=text". */
static bool read_selector(char *text, struct json_step *ret)
{
    char *equals = strchr(text, '=');
    if (equals) {
        *equals = '\0';
        *ret = (struct json_step){.kind = STEP_WHERE, .key = text, .text = equals + 1};
        return *text && equals[1];
    }
    if (!is_number(text))
        return false;
    *ret = (struct json_step){.kind = STEP_INDEX, .index = strtoul(text, NULL, 10)};
    return true;
}

/* Takes one step off @at; NULL = not a path. */
static char *read_step(char *at, struct json_step *ret)
{
    if (*at == '[') {
        char *end = strchr(at, ']');
        if (!end)
            return NULL;
        *end = '\0';
        if (!read_selector(at + 1, ret))
            return NULL;
        at = end + 1;
        return *at && *at != '.' && *at != '[' ? NULL : at;
    }
    size_t length = strcspn(at, ".[]");
    *ret = (struct json_step){.kind = STEP_KEY, .key = at};
    return length ? at + length : NULL;
}

static bool parse(struct json_path *p)
{
    char *at = p->text;
    if (!strcmp(at, "."))
        return true;
    for (;;) {
        if (p->count == JSON_PATH_STEPS)
            return false;
        at = read_step(at, &p->steps[p->count]);
        if (!at)
            return false;
        p->count++;
        char separator = *at;
        if (separator != '[')
            *at = '\0';
        if (!separator)
            return true;
        if (separator == '.')
            at++;
        else if (separator != '[')
            return false;
    }
}

/* A key that ends at a bracket still lacks its NUL: the bracket's place is needed
 * until the selector was read. */
static void close_keys(struct json_path *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->steps[i].kind == STEP_KEY)
            p->text[p->steps[i].key - p->text + strcspn(p->steps[i].key, "[")] = '\0';
}

/* Each step but the first begins at a point or a bracket. */
static size_t steps_at_most(const char *text)
{
    size_t steps = 1;
    for (const char *at = text; *at; at++)
        steps += *at == '.' || *at == '[';
    return steps < JSON_PATH_STEPS ? steps : JSON_PATH_STEPS;
}

int json_path_new(const char *text, struct json_path **ret, struct gw_error *err)
{
    size_t length = strlen(text);
    if (length >= JSON_PATH_MAX)
        return gw_fail(err, -E2BIG, "path '%.40s…' is longer than %d bytes", text,
                       JSON_PATH_MAX - 1);
    size_t steps = steps_at_most(text);
    struct json_path *p =
        calloc(1, sizeof(*p) + steps * sizeof(p->steps[0]) + length + 1);
    if (!p)
        return gw_fail(err, -ENOMEM, "path '%s': out of memory", text);
    p->text = (char *)&p->steps[steps];
    memcpy(p->text, text, length + 1);
    if (!parse(p)) {
        free(p);
        return gw_fail(err, -EINVAL,
                       "path '%s' is not like value.in, a[0].b, a[key=text].b or . for "
                       "the whole (at most %d steps)",
                       text, JSON_PATH_STEPS);
    }
    close_keys(p);
    *ret = p;
    return 0;
}

struct json_path *json_path_free(struct json_path *p)
{
    free(p);
    return NULL;
}

static bool has_member(const json_t *object, const char *key, const char *text)
{
    const json_t *member = json_object_get(object, key);
    if (json_is_integer(member)) {
        char *end;
        long long wanted = strtoll(text, &end, 10);
        return !*end && wanted == json_integer_value(member);
    }
    return json_is_string(member) && !strcmp(json_string_value(member), text);
}

static json_t *first_where(json_t *array, const char *key, const char *text)
{
    size_t index;
    json_t *element;
    json_array_foreach(array, index, element)
    {
        if (has_member(element, key, text))
            return element;
    }
    return NULL;
}

json_t *json_path_find(const struct json_path *p, json_t *root)
{
    json_t *at = root;
    for (size_t i = 0; at && i < p->count; i++) {
        const struct json_step *step = &p->steps[i];
        switch (step->kind) {
        case STEP_KEY:
            at = json_object_get(at, step->key);
            break;
        case STEP_INDEX:
            at = json_array_get(at, step->index);
            break;
        case STEP_WHERE:
            at = first_where(at, step->key, step->text);
            break;
        }
    }
    return at;
}
