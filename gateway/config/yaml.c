#include "config/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/arena.h"
#include "config/file.h"
#include "config/node.h"
#include "config/yaml_slip.h"

/* reader - one document being read; the first fault ends it. */
struct reader {
    yaml_parser_t parser;
    struct config_source *src;
    struct arena *nodes; /* and keys */
    const char *name;
    const char *text;
    size_t size;
    size_t count;                         /* nodes so far */
    const char *keys[YAML_DEPTH_MAX + 2]; /* that lead to the node being read */
};

static struct config_node *reader_node(struct reader *r, const yaml_event_t *ev,
                                       int depth);

static struct config_mark reader_mark(const struct reader *r, const yaml_mark_t *mark)
{
    return (struct config_mark){
        .file = r->name,
        .line = (int)mark->line + 1,
        .column = (int)mark->column + 1,
    };
}

/* reader_refuse - adds the fault that ends this file; always NULL. */
static void *reader_refuse(struct reader *r, const yaml_mark_t *mark, const char *text)
{
    config_fault(r->src->faults, reader_mark(r, mark), "", "%s",
                 config_faults_say(r->src->faults, text));
    return NULL;
}

/* reader_problem_mark - libyaml gives only a byte offset for what is not UTF-8. */
static struct config_mark reader_problem_mark(const struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    struct config_mark mark = {.file = r->name, .line = 1, .column = 1};

    if (p->error != YAML_READER_ERROR)
        return reader_mark(r, &p->problem_mark);
    for (size_t i = 0; i < p->problem_offset; i++) {
        bool is_letter = ((unsigned char)r->text[i] & 0xC0) != 0x80;
        mark.column = r->text[i] == '\n' ? 1 : mark.column + is_letter;
        mark.line += r->text[i] == '\n';
    }
    return mark;
}

/* What libyaml says, and what a Chinese keyboard may have to do with it. */
static void reader_stumbled(const struct reader *r, struct config_mark mark)
{
    struct config_faults *faults = r->src->faults;
    const yaml_parser_t *p = &r->parser;
    const char *problem =
        config_faults_say(faults, p->problem ? p->problem : "out of memory");
    const char *context = p->context ? config_faults_say(faults, p->context) : "";
    const char *blank = *context && !config_faults_is_chinese(faults) ? " " : "";
    int line = 0;
    const char *slip = yaml_slip(r->text, r->size, mark.line, &line);
    if (!slip && p->problem && strstr(p->problem, "<document start>"))
        slip = yaml_slip_first(r->text, r->size, mark.line, &line);
    if (!slip && yaml_slip_lacks_dash(r->text, r->size, mark.line, &line))
        config_fault(faults, (struct config_mark){r->name, line, 1}, "",
                     "this line has no '- ' at its beginning, and the lines beside it "
                     "have one (allowed: '- ' before every item of a list)");
    else if (slip)
        config_fault(faults, mark, "", "%s%s%s (line %d has %s)", problem, blank, context,
                     line, config_faults_say(faults, slip));
    else
        config_fault(faults, mark, "", "%s%s%s", problem, blank, context);
}

static bool reader_next(struct reader *r, yaml_event_t *ev)
{
    if (yaml_parser_parse(&r->parser, ev))
        return true;

    const yaml_parser_t *p = &r->parser;
    struct config_mark mark = reader_problem_mark(r);
    if (p->error == YAML_SCANNER_ERROR
        && yaml_slip_is_tab(r->text, r->size, mark.line, mark.column)) {
        config_fault(r->src->faults, mark, "",
                     "a tab stands here (allowed: spaces; the editor can replace every "
                     "tab by them)");
        return false;
    }
    if (p->problem && strstr(p->problem, "UTF-8"))
        config_fault(r->src->faults, mark, "",
                     "what stands here is not UTF-8 (allowed: a file saved as UTF-8; "
                     "editors offer it as the encoding, under Save as)");
    else
        reader_stumbled(r, mark);
    return false;
}

/* event_extra - the anchor or tag that we refuse, as a sentence, or NULL. */
static const char *event_extra(const yaml_event_t *ev)
{
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;

    switch (ev->type) {
    case YAML_ALIAS_EVENT:
        return "aliases (*name) are not taken (allowed: write the value out)";
    case YAML_SCALAR_EVENT:
        anchor = ev->data.scalar.anchor;
        tag = ev->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = ev->data.sequence_start.anchor;
        tag = ev->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = ev->data.mapping_start.anchor;
        tag = ev->data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (anchor)
        return "anchors (&name) are not taken (allowed: write the value out)";
    return tag ? "tags (!name) are not taken (allowed: the plain value)" : NULL;
}

/* reader_text - a copy of a scalar's text, NULL when it holds a NUL byte. */
static const char *reader_text(struct reader *r, struct arena *arena,
                               const yaml_event_t *ev)
{
    size_t size = ev->data.scalar.length;
    if (memchr(ev->data.scalar.value, 0, size))
        return reader_refuse(r, &ev->start_mark, "a NUL byte is not allowed in a text");

    char *text = arena_alloc(arena, size + 1);
    if (!text)
        return reader_refuse(r, &ev->start_mark, "out of memory");
    memcpy(text, ev->data.scalar.value, size);
    return text;
}

static bool scalar_is_empty(const yaml_event_t *ev)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};

    if (ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp((const char *)ev->data.scalar.value, words[i]) == 0)
            return true;
    return false;
}

/* reader_key - takes @ev as a key, then the event of its value into @ev. */
static const char *reader_key(struct reader *r, yaml_event_t *ev,
                              struct config_mark *ret_mark)
{
    const char *key = NULL;

    if (ev->type != YAML_SCALAR_EVENT || event_extra(ev))
        reader_refuse(r, &ev->start_mark, "a key must be a plain text");
    else
        key = reader_text(r, r->nodes, ev);
    *ret_mark = reader_mark(r, &ev->start_mark);
    yaml_event_delete(ev);
    return key && reader_next(r, ev) ? key : NULL;
}

/* reader_child - the next child of a list or mapping; *ret_end at its end. */
static struct config_node *reader_child(struct reader *r, bool is_map, int depth,
                                        bool *ret_end)
{
    yaml_event_t ev;
    struct config_mark key_mark = {0};
    const char *key = NULL;

    if (!reader_next(r, &ev))
        return NULL;
    if (ev.type == YAML_MAPPING_END_EVENT || ev.type == YAML_SEQUENCE_END_EVENT) {
        yaml_event_delete(&ev);
        *ret_end = true;
        return NULL;
    }
    if (is_map) {
        key = reader_key(r, &ev, &key_mark);
        if (!key)
            return NULL;
    }
    if (depth < YAML_DEPTH_MAX + 2)
        r->keys[depth] = key;
    struct config_node *child = reader_node(r, &ev, depth);
    yaml_event_delete(&ev);
    if (child)
        node_set_key(child, key, key_mark);
    return child;
}

static int key_order(const void *a, const void *b)
{
    const struct config_node *x = *(struct config_node *const *)a;
    const struct config_node *y = *(struct config_node *const *)b;
    int order = strcmp(x->key, y->key);
    if (order == 0)
        order = x->key_line - y->key_line;
    return order != 0 ? order : x->key_column - y->key_column;
}

static void reader_duplicate(struct reader *r, const struct config_node *node,
                             const struct config_node *first, int depth)
{
    char path[300] = "";
    size_t used = 0;

    for (int i = 2; i <= depth && used < sizeof(path); i++)
        if (r->keys[i])
            used += (size_t)snprintf(path + used, sizeof(path) - used, "%s.", r->keys[i]);
    if (used < sizeof(path))
        (void)snprintf(path + used, sizeof(path) - used, "%s", node->key);
    config_fault(r->src->faults, config_where_key(node), path,
                 "duplicate key (it stands first at line %d)", first->key_line);
}

/* reader_check_duplicates - one fault for every key that stands again. */
static void reader_check_duplicates(struct reader *r, const struct config_node *map,
                                    int depth)
{
    struct config_node **sorted =
        arena_copy(node_passing(r->src), map->items, map->count * sizeof(*sorted));
    if (!sorted)
        return;

    qsort(sorted, map->count, sizeof(*sorted), key_order);
    const struct config_node *first = sorted[0];
    for (size_t i = 1; i < map->count; i++) {
        if (strcmp(first->key, sorted[i]->key) != 0)
            first = sorted[i];
        else
            reader_duplicate(r, sorted[i], first, depth);
    }
}

static bool reader_children(struct reader *r, struct config_node *node, int depth)
{
    bool is_map = node->kind == NODE_MAP;
    bool is_end = false;
    struct config_node *first = NULL;
    struct config_node **last = &first;

    for (;;) {
        struct config_node *child = reader_child(r, is_map, depth + 1, &is_end);
        if (!child)
            break;
        *last = child;
        last = &child->next;
        node->count++;
    }
    if (!is_end)
        return false;
    node->items =
        arena_alloc(r->nodes, (node->count ? node->count : 1) * sizeof(*node->items));
    if (!node->items)
        return false;
    size_t i = 0;
    for (struct config_node *child = first; child; child = child->next)
        node->items[i++] = child;
    if (is_map && node->count > 1)
        reader_check_duplicates(r, node, depth);
    return true;
}

static struct config_node *reader_node(struct reader *r, const yaml_event_t *ev,
                                       int depth)
{
    const char *extra = event_extra(ev);
    if (extra)
        return reader_refuse(r, &ev->start_mark, extra);
    if (depth > YAML_DEPTH_MAX)
        return reader_refuse(r, &ev->start_mark, "nested too deep (allowed: 32 levels)");
    if (++r->count > YAML_NODES_MAX)
        return reader_refuse(r, &ev->start_mark, "too much (allowed: 200000 values)");

    struct config_node *node = arena_alloc(r->nodes, sizeof(*node));
    if (!node)
        return reader_refuse(r, &ev->start_mark, "out of memory");
    node->mark = reader_mark(r, &ev->start_mark);
    if (ev->type == YAML_SCALAR_EVENT) {
        yaml_scalar_style_t style = ev->data.scalar.style;
        node->kind = scalar_is_empty(ev) ? NODE_EMPTY : NODE_SCALAR;
        node->is_quoted = style == YAML_SINGLE_QUOTED_SCALAR_STYLE
                          || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
        node->text = reader_text(r, r->src->arena, ev);
        return node->text ? node : NULL;
    }
    node->kind = ev->type == YAML_MAPPING_START_EVENT ? NODE_MAP : NODE_LIST;
    return reader_children(r, node, depth) ? node : NULL;
}

/* reader_document - the one document; *ret_root stays empty for a file of comments. */
static bool reader_document(struct reader *r, struct config_node **ret_root)
{
    yaml_event_t ev;
    bool goes_on = true;
    bool is_good = true;

    for (size_t documents = 0; goes_on && is_good;) {
        if (!reader_next(r, &ev))
            return false;
        if (ev.type == YAML_DOCUMENT_START_EVENT && ++documents > 1) {
            reader_refuse(r, &ev.start_mark, "a second document (allowed: one a file)");
            is_good = false;
        } else if (ev.type == YAML_STREAM_END_EVENT) {
            goes_on = false;
        } else if (ev.type != YAML_STREAM_START_EVENT
                   && ev.type != YAML_DOCUMENT_START_EVENT
                   && ev.type != YAML_DOCUMENT_END_EVENT) {
            *ret_root = reader_node(r, &ev, 1);
            is_good = *ret_root != NULL;
        }
        yaml_event_delete(&ev);
    }
    return is_good;
}

const struct config_node *yaml_parse(struct config_source *src, const char *name,
                                     const char *text, size_t size)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* Notepad's, before the first letter */
    if (size >= sizeof(mark) - 1 && memcmp(text, mark, sizeof(mark) - 1) == 0) {
        text += sizeof(mark) - 1;
        size -= sizeof(mark) - 1;
    }
    struct reader r = {.src = src,
                       .nodes = src->drops_nodes ? node_passing(src) : src->arena,
                       .name = name,
                       .text = text,
                       .size = size};
    struct config_node *root = arena_alloc(r.nodes, sizeof(*root));
    if (!root || !yaml_parser_initialize(&r.parser)) {
        config_fault(src->faults, (struct config_mark){name, 1, 1}, "", "out of memory");
        return NULL;
    }
    root->mark = (struct config_mark){name, 1, 1};
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, size);
    bool is_good = reader_document(&r, &root);
    yaml_parser_delete(&r.parser);
    return is_good ? root : NULL;
}

const struct config_node *yaml_read(struct config_source *src, const char *path,
                                    uint64_t *hash)
{
    struct config_mark mark;
    size_t size = 0;
    const char *bytes = config_file(src, path, hash, &mark, &size);
    return bytes ? yaml_parse(src, mark.file, bytes, size) : NULL;
}
