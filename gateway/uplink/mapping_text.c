/* mapping_text.c - texts such as "{data.rule} at {time:ms}". */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "uplink/mapping_parts.h"

enum { TEXT_PARTS_MAX = 40, TEXT_MADE_MAX = 4096, NAME_MAX_BYTES = 160, LIST_MAX = 700 };

/* --- forms ------------------------------------------------------------------------ */

/* mapping_form - {field:NAME}.  fits: of which fields; write: NULL = absent */
struct mapping_form {
    const char *name;
    bool (*fits)(const json_t *field);
    json_t *(*write)(const json_t *value);
};

static bool is_text(const json_t *field)
{
    return mapping_field_has_type(field, "string") || json_object_get(field, "enum")
           || json_object_get(field, "const");
}

static bool is_number(const json_t *field)
{
    return mapping_field_has_type(field, "number")
           || mapping_field_has_type(field, "integer");
}

static bool is_scalar(const json_t *field)
{
    return is_text(field) || is_number(field) || mapping_field_has_type(field, "boolean");
}

static bool parse_time(const json_t *value, int64_t *ret_us)
{
    const char *text = json_string_value(value);
    return text && clock_parse(text, ret_us) == 0;
}

static json_t *write_ms(const json_t *value)
{
    int64_t us;
    return parse_time(value, &us) ? json_integer(us / 1000) : NULL;
}

static json_t *write_s(const json_t *value)
{
    int64_t us;
    return parse_time(value, &us) ? json_integer(us / 1000000) : NULL;
}

/* 20261123T001530Z */
static json_t *write_basic(const json_t *value)
{
    int64_t us;
    char stamp[CLOCK_STAMP_MAX];
    if (!parse_time(value, &us))
        return NULL;
    clock_stamp(us, stamp);
    return json_string(stamp);
}

/* 2026-11-23T00:15:30.217Z: always with milliseconds. */
static json_t *write_utc(const json_t *value)
{
    int64_t us;
    char stamp[CLOCK_STAMP_MAX];
    if (!parse_time(value, &us))
        return NULL;
    clock_stamp(us, stamp);
    if (strlen(stamp) < 15)
        return NULL;
    return json_sprintf("%.4s-%.2s-%.2sT%.2s:%.2s:%.2s.%03dZ", stamp, stamp + 4,
                        stamp + 6, stamp + 9, stamp + 11, stamp + 13,
                        (int)(us / 1000 % 1000));
}

static json_t *write_place(const json_t *value)
{
    const char *text = json_string_value(value);
    return text ? json_stringn(text, strcspn(text, "/")) : NULL;
}

static json_t *write_metric(const json_t *value)
{
    const char *text = json_string_value(value);
    const char *slash = text ? strchr(text, '/') : NULL;
    return slash ? json_string(slash + 1) : NULL;
}

/* What names of thing models are made of. */
static json_t *write_ident(const json_t *value)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    char word[MAPPING_WORD_MAX];
    if (!mapping_word(value, word))
        return NULL;
    for (char *at = word; *at; at++)
        if (!strchr(letters, *at))
            *at = '_';
    return json_string(word);
}

static json_t *write_text(const json_t *value)
{
    char word[MAPPING_WORD_MAX];
    return mapping_word(value, word) ? json_string(word) : NULL;
}

/* What is no number is a word of a fact, and stays one. */
static json_t *write_real(const json_t *value)
{
    return json_is_number(value) ? json_real(json_number_value(value))
                                 : json_incref((json_t *)value);
}

static json_t *write_round(const json_t *value)
{
    if (!json_is_real(value))
        return json_incref((json_t *)value);
    return json_integer((json_int_t)llround(json_real_value(value)));
}

static const struct mapping_form forms[] = {
    {"ms", mapping_field_is_time, write_ms},
    {"s", mapping_field_is_time, write_s},
    {"utc", mapping_field_is_time, write_utc},
    {"basic", mapping_field_is_time, write_basic},
    {"place", mapping_field_is_point, write_place},
    {"metric", mapping_field_is_point, write_metric},
    {"ident", is_scalar, write_ident},
    {"text", is_scalar, write_text},
    {"real", is_number, write_real},
    {"round", is_number, write_round},
};

/* --- reading ---------------------------------------------------------------------- */

/* text_reader - one text on its way. */
struct text_reader {
    struct mapping_reader *r;
    const struct config_node *node;
    const char *path;
    struct mapping_text *ret;
};

static bool fault(const struct text_reader *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool fault(const struct text_reader *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    config_vfault(t->r->src->faults, config_where_text(t->node), t->path, false, format,
                  args);
    va_end(args);
    return false;
}

/* fixed_value - what is the same for all messages; NULL = no such name. */
static const char *fixed_value(const struct mapping_reader *r, const char *name)
{
    const struct {
        const char *name;
        const char *value;
    } fixed[] = {
        {"division", r->county->division},
        {"school", r->county->school},
        {"gateway", r->county->gateway},
        {"title", r->county->title},
        {"kind", r->kind},
    };
    bool is_known = config_child(r->names, name) != NULL;
    const char *value = config_scalar(config_child(r->platform, name));
    for (size_t i = 0; !is_known && i < sizeof(fixed) / sizeof(fixed[0]); i++)
        if (strcmp(fixed[i].name, name) == 0) {
            is_known = true;
            value = fixed[i].value;
        }
    if (!is_known)
        return NULL;
    return value ? value : ""; /* that it is missing is said where it should stand */
}

static bool add_part(const struct text_reader *t, struct mapping_part part)
{
    if (t->ret->count == TEXT_PARTS_MAX)
        return fault(t, "more than %d parts in one text", TEXT_PARTS_MAX);
    t->ret->parts[t->ret->count++] = part;
    return true;
}

static bool add_literal(const struct text_reader *t, const char *text, size_t size)
{
    char *copy = arena_alloc(t->r->src->arena, size + 1);
    if (!copy)
        return fault(t, "out of memory");
    memcpy(copy, text, size);
    return size == 0
           || add_part(t, (struct mapping_part){.source = MAPPING_TEXT, .text = copy});
}

static bool set_form(const struct text_reader *t, const json_t *field, const char *name,
                     struct mapping_part *part)
{
    char all[LIST_MAX] = "";
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        size_t at = strlen(all);
        if (!forms[i].fits(field))
            continue;
        (void)snprintf(all + at, sizeof(all) - at, "%s%s", at > 0 ? ", " : "",
                       forms[i].name);
        if (strcmp(forms[i].name, name) == 0)
            part->form = &forms[i];
    }
    return part->form
           || fault(t, "'%.40s' is no form of this field (allowed: %s)", name,
                    *all ? all : "none");
}

/* add_field - {data.rule}, {item.mean:real}. */
static bool add_field(const struct text_reader *t, const char *name, const char *form)
{
    struct mapping_reader *r = t->r;
    struct mapping_part part = {.source = MAPPING_FIELD};
    bool is_sure = false;
    const json_t *field = r->schema ? mapping_field(r->schema, name, &is_sure) : NULL;
    if (!field || !mapping_field_is_plain(field)) {
        mapping_unknown(r, config_where_text(t->node), t->path, name, true);
        return false;
    }
    r->names_id |= strcmp(name, "id") == 0;
    t->ret->is_sure &= is_sure;
    t->ret->field = field;
    return (!form || set_form(t, field, form, &part))
           && mapping_read_path(r, name, &part.path) && add_part(t, part);
}

/* add_template - what stands between the braces. */
static bool add_template(const struct text_reader *t, const char *text, size_t size)
{
    char name[NAME_MAX_BYTES];
    struct mapping_reader *r = t->r;
    if (size >= sizeof(name))
        return fault(t, "'%.40s…' is no field", text);
    (void)snprintf(name, sizeof(name), "%.*s", (int)size, text);
    char *form = strchr(name, ':');
    if (form)
        *form++ = '\0';
    const char *fixed = form ? NULL : fixed_value(r, name);
    if (fixed)
        return add_literal(t, fixed, strlen(fixed));
    if (r->schema && strcmp(name, "number") == 0
        && (!form || strcmp(form, "text") == 0)) {
        r->names_number = true;
        return add_part(t, (struct mapping_part){.source = MAPPING_NUMBER, .text = form});
    }
    return add_field(t, name, form);
}

/* read_piece - up to the next template and through it; "{{" and "}}" are braces.
 * returns what is left, NULL = a fault */
static const char *read_piece(const struct text_reader *t, const char *at)
{
    size_t size = strcspn(at, "{}");
    bool is_brace = at[size] && at[size] == at[size + 1];
    if (!add_literal(t, at, size + is_brace))
        return NULL;
    at += size + 2 * (size_t)is_brace;
    if (is_brace || !*at)
        return at;
    size = strcspn(at, "}");
    if (*at == '{' && at[size])
        return add_template(t, at + 1, size - 1) ? at + size + 1 : NULL;
    (void)fault(t, "'%c' has no other one (allowed: {field}, and {{ or }} for a brace)",
                *at);
    return NULL;
}

bool mapping_text_read(struct mapping_reader *r, const struct config_node *node,
                       const char *text, const char *path, struct mapping_text *ret)
{
    struct mapping_part parts[TEXT_PARTS_MAX]; /* most texts have one */
    const struct text_reader t = {r, node, path, ret};
    *ret = (struct mapping_text){.parts = parts, .is_sure = true};
    const char *at = text;
    while (at && *at)
        at = read_piece(&t, at);
    ret->parts = arena_copy(r->src->arena, parts, ret->count * sizeof(*parts));
    if (ret->count != 1)
        ret->field = NULL;
    return at && (ret->parts || fault(&t, "out of memory"));
}

const char *mapping_text_fixed(struct mapping_reader *r, const struct config_node *node,
                               const char *text, const char *path)
{
    struct mapping_reader fixed = *r;
    struct mapping_text read;
    char made[TEXT_MADE_MAX] = "";
    fixed.schema = NULL;
    fixed.kind = NULL;
    if (!mapping_text_read(&fixed, node, text, path, &read))
        return NULL;
    for (size_t i = 0; i < read.count; i++) {
        size_t at = strlen(made);
        (void)snprintf(made + at, sizeof(made) - at, "%s", read.parts[i].text);
    }
    return arena_string(r->src->arena, made);
}

/* --- writing ---------------------------------------------------------------------- */

bool mapping_word(const json_t *value, char ret[MAPPING_WORD_MAX])
{
    int n = -1;
    if (json_is_string(value))
        n = snprintf(ret, MAPPING_WORD_MAX, "%s", json_string_value(value));
    else if (json_is_integer(value))
        n = snprintf(ret, MAPPING_WORD_MAX, "%" JSON_INTEGER_FORMAT,
                     json_integer_value(value));
    else if (json_is_real(value))
        n = snprintf(ret, MAPPING_WORD_MAX, "%.12g", json_real_value(value));
    else if (json_is_boolean(value))
        n = snprintf(ret, MAPPING_WORD_MAX, "%s", json_is_true(value) ? "true" : "false");
    return n >= 0 && n < MAPPING_WORD_MAX;
}

static json_t *part_value(const struct mapping_part *part,
                          const struct mapping_scope *scope)
{
    if (part->source == MAPPING_TEXT)
        return json_string(part->text);
    if (part->source == MAPPING_NUMBER)
        return part->text ? json_sprintf("%" PRIu32, scope->number)
                          : json_integer(scope->number);
    const json_t *value = mapping_at(scope->body, scope->item, &part->path);
    if (!value || json_is_null(value))
        return NULL;
    return part->form ? part->form->write(value) : json_incref((json_t *)value);
}

/* One template alone stays what it is; an empty text is one, too. */
json_t *mapping_text_value(const struct mapping_text *text, struct mapping_scope *scope)
{
    char made[TEXT_MADE_MAX] = "";
    size_t at = 0;
    if (text->count == 1)
        return part_value(&text->parts[0], scope);
    for (size_t i = 0; i < text->count; i++) {
        char word[MAPPING_WORD_MAX];
        json_t *value = part_value(&text->parts[i], scope);
        const char *piece = json_is_string(value)       ? json_string_value(value)
                            : mapping_word(value, word) ? word
                                                        : NULL;
        int n = piece ? snprintf(made + at, sizeof(made) - at, "%s", piece) : -1;
        json_decref(value);
        if (n < 0 || (size_t)n >= sizeof(made) - at)
            return NULL;
        at += (size_t)n;
    }
    json_t *ret = json_string(made);
    scope->failed = ret ? scope->failed : -ENOMEM;
    return ret;
}
