#include "uplink/mapping.h"

#include <errno.h>
#include <inttypes.h>
#include <mosquitto.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "uplink/mapping_parts.h"

enum { BODY_SIZE_MAX = 1 << 20, LIST_MAX = 300, DROP = 0, KEEP = 1 };

/* --- the tables ----------------------------------------------------------------------
 */

struct file_options {
    struct gw_text title;
    const struct config_node *names;
    const char *client_id;
    int others;
    const struct config_node *answer;
    const struct config_node *kinds;
};

struct entry_options {
    const struct config_node *when;
    const char *topic;
    bool retain;
    const struct config_node *body;
};

#define FILE_AT(field) offsetof(struct file_options, field)
#define ENTRY_AT(field) offsetof(struct entry_options, field)

static const char *const others_choices[] = {"drop", "keep", NULL};

static const struct gw_option file_options[] = {
    {"title", GW_OPT_TEXT, FILE_AT(title), false, 0, 0, NULL, NULL,
     "the platform's name"},
    {"names", GW_OPT_NODE, FILE_AT(names), false, 0, 0, NULL, NULL,
     "name: what it is, of each text that gateway.yaml gives under county.platform"},
    {"client_id", GW_OPT_STRING, FILE_AT(client_id), false, 0, 0, NULL, NULL,
     "of the connection; left out: gateway-SCHOOL-GATEWAY"},
    {"others", GW_OPT_ENUM, FILE_AT(others), false, 0, 0, others_choices, "drop",
     "what is not under kinds: not sent, or as the county's contract says"},
    {"answer", GW_OPT_NODE, FILE_AT(answer), false, 0, 0, NULL, NULL,
     "how the platform answers, see below; left out: not at all"},
    {"kinds", GW_OPT_NODE, FILE_AT(kinds), true, 0, 0, NULL, NULL,
     "kind, or kinds: a template, or a list of which the first whose `when` holds "
     "counts"},
    {0},
};

static const struct gw_option entry_options[] = {
    {"when", GW_OPT_NODE, ENTRY_AT(when), false, 0, 0, NULL, NULL,
     "{field: value or [values]}; left out: always"},
    {"topic", GW_OPT_STRING, ENTRY_AT(topic), true, 0, 0, NULL, NULL,
     "with fields that every message has, such as {data.object}"},
    {"retain", GW_OPT_BOOL, ENTRY_AT(retain), false, 0, 0, NULL, "false",
     "the broker keeps the last one"},
    {"body", GW_OPT_NODE, ENTRY_AT(body), true, 0, 0, NULL, NULL,
     "constants, \"{field}\" or \"{field:form}\", mappings and lists of them"},
    {0},
};

void mapping_print_options(FILE *out)
{
    config_print_options(out, NULL, file_options, 0);
    mapping_reply_print_options(out);
    fprintf(out, "kinds:\n");
    config_print_options(out, "alarm", entry_options, 2);
}

/* --- reading -------------------------------------------------------------------------
 */

struct arena *mapping_passing(const struct mapping_reader *r)
{
    return r->src->passing ? r->src->passing : r->src->arena;
}

const char *mapping_where(struct mapping_reader *r, const char *path, const char *key)
{
    const char *ret =
        arena_format(mapping_passing(r), "%s%s%s", path, *path ? "." : "", key);
    return ret ? ret : path;
}

bool mapping_read_path(struct mapping_reader *r, const char *text,
                       struct mapping_path *ret)
{
    char *copy = arena_string(r->src->arena, text);
    size_t count = 1;
    for (const char *at = strchr(text, '.'); at; at = strchr(at + 1, '.'))
        count++;
    *ret = (struct mapping_path){
        .steps = arena_alloc(r->src->arena, count * sizeof(*ret->steps))};
    for (char *at = copy; at && ret->steps;) {
        ret->steps[ret->count++] = at;
        at = strchr(at, '.');
        if (at)
            *at++ = '\0';
    }
    return ret->count > 0;
}

/* check_topic - what it takes is there in every message, and makes no wildcard. */
static void check_topic(struct mapping_reader *r, const struct config_node *node,
                        const char *path, const struct mapping_text *text)
{
    bool is_good = text->count > 0;
    if (!text->is_sure)
        config_fault(
            r->src->faults, config_where(node), path,
            "some messages lack a field of it, and would have no topic (allowed: "
            "fields that every %s has)",
            r->kind);
    for (size_t i = 0; i < text->count; i++)
        if (text->parts[i].source == MAPPING_TEXT)
            is_good &= mosquitto_pub_topic_check(text->parts[i].text) == MOSQ_ERR_SUCCESS;
    if (!is_good)
        config_fault(r->src->faults, config_where(node), path,
                     "is no topic (allowed: no + and #, at most %d bytes)",
                     MAPPING_TOPIC_MAX - 1);
}

/* check_answered - an answer can name it. */
static void check_answered(struct mapping_reader *r, const struct config_node *node,
                           const char *path, const struct mapping_reply *reply)
{
    bool is_named = reply->is == 0 ? r->names_number : r->names_id;
    bool is_row = strcmp(r->kind, "birth") != 0 && strcmp(r->kind, "state") != 0;
    if (reply->topic && is_row && !is_named)
        config_fault(r->src->faults, config_where(node), path,
                     "takes no {%s}, so no answer could name it (allowed: one that does)",
                     reply->is == 0 ? "number" : "id");
}

static void read_entry(struct mapping_reader *r, const struct config_node *node,
                       const char *path, struct mapping *m)
{
    struct entry_options o = {0};
    struct mapping_entry *entry = &m->entries[m->count];
    (void)config_fill(r->src, node, path, entry_options, &o, NULL);
    if (m->count == MAPPING_KINDS_MAX) {
        config_fault(r->src->faults, config_where(node), path,
                     "too many templates (allowed: %d)", MAPPING_KINDS_MAX);
        return;
    }
    r->names_number = false;
    r->names_id = false;
    const struct config_node *topic = config_child(node, "topic");
    const char *topic_path = mapping_where(r, path, "topic");
    entry->kind = r->kind;
    entry->is_retained = o.retain;
    mapping_conditions_read(r, o.when, mapping_where(r, path, "when"), &entry->when);
    bool is_good =
        o.topic && mapping_text_read(r, topic, o.topic, topic_path, &entry->topic);
    if (is_good)
        check_topic(r, topic, topic_path, &entry->topic);
    is_good &=
        o.body
        && mapping_body_read(r, o.body, mapping_where(r, path, "body"), &entry->body);
    if (is_good)
        check_answered(r, node, path, &m->reply);
    m->count++;
}

static void read_kind(struct mapping_reader *r, const struct config_node *node,
                      const char *kind, struct mapping *m)
{
    char all[LIST_MAX];
    const char *path = mapping_where(r, "kinds", kind);
    json_t *schema = mapping_schema(kind);
    if (!schema) {
        config_fault(r->src->faults, config_where_key(node), path,
                     "the county's contract has no kind '%.80s' (allowed: %s)", kind,
                     mapping_kinds(all, sizeof(all)));
        return;
    }
    r->kind = kind;
    r->schema = schema;
    if (config_is_list(node))
        for (size_t i = 0; i < config_count(node); i++)
            read_entry(r, config_item(node, i),
                       config_path_item(r->src, path, config_item(node, i), i), m);
    else
        read_entry(r, node, path, m);
    r->kind = NULL;
    r->schema = NULL;
    json_decref(schema);
}

/* read_kinds - "daily, weekly": the same for both. */
static void read_kinds(struct mapping_reader *r, const struct config_node *node,
                       const char *names, struct mapping *m)
{
    static const char between[] = ", ";
    size_t size = strcspn(names, between);
    while (*names) {
        const char *kind = arena_format(r->src->arena, "%.*s", (int)size, names);
        if (kind)
            read_kind(r, node, kind, m);
        names += size;
        names += strspn(names, between);
        size = strcspn(names, between);
    }
}

/* check_names - what the file wants of this school is given, and no more. */
static void check_names(struct mapping_reader *r)
{
    const struct {
        const struct config_node *node;
        const char *path;
    } maps[] = {{r->names, "names"}, {r->platform, "county.platform"}};
    for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
        if (maps[i].node && !config_is_map(maps[i].node)) {
            config_fault(r->src->faults, config_where(maps[i].node), maps[i].path,
                         "no mapping stands here (allowed: {name: text, …})");
            return;
        }
    for (size_t i = 0; i < config_count(r->names); i++) {
        const char *name = config_key(r->names, i);
        const char *what = config_scalar(config_value(r->names, i));
        const char *given = config_scalar(config_child(r->platform, name));
        if (!given || !*given)
            config_fault(r->src->faults, r->asked, "county.platform",
                         "'%s' is missing (allowed: %s)", name, what ? what : "a text");
    }
    for (size_t i = 0; i < config_count(r->platform); i++)
        if (!config_child(r->names, config_key(r->platform, i)))
            config_fault(r->src->faults, config_where_key(config_value(r->platform, i)),
                         "county.platform", "the mapping has no name '%s'",
                         config_key(r->platform, i));
}

static void read_file(struct mapping_reader *r, const struct config_node *root,
                      struct mapping *m)
{
    struct file_options o = {0};
    (void)config_fill(r->src, root, "", file_options, &o, NULL);
    r->names = o.names;
    check_names(r);
    m->others = o.others;
    if (o.client_id)
        m->client_id = mapping_text_fixed(r, config_child(root, "client_id"), o.client_id,
                                          "client_id");
    if (o.answer)
        mapping_reply_read(r, o.answer, &m->reply);
    if (o.kinds && !config_is_map(o.kinds))
        config_fault(r->src->faults, config_where(o.kinds), "kinds",
                     "no mapping stands here (allowed: kind: its template)");
    for (size_t i = 0; config_is_map(o.kinds) && i < config_count(o.kinds); i++)
        read_kinds(r, config_value(o.kinds, i), config_key(o.kinds, i), m);
}

const struct mapping *mapping_load(struct config_source *src, const struct config *config,
                                   const struct county_config *county)
{
    struct config_source passing = *src;
    size_t before = config_faults_errors(src->faults);
    if (!config->mapping || arena_new(&passing.passing) < 0)
        return NULL;
    struct mapping_reader r = {
        .src = &passing,
        .county = county,
        .platform = county->platform_node,
        .asked = config_where(config_child(config->gateway, "county")),
    };
    struct mapping *m = arena_alloc(src->arena, sizeof(*m));
    if (m) {
        m->gateway = county->gateway ? county->gateway : "";
        read_file(&r, config->mapping, m);
    }
    arena_free(passing.passing);
    return m && config_faults_errors(src->faults) == before ? m : NULL;
}

/* --- sending -------------------------------------------------------------------------
 */

const char *mapping_client_id(const struct mapping *m)
{
    return m->client_id;
}

bool mapping_keeps_others(const struct mapping *m)
{
    return m->others == KEEP;
}

bool mapping_knows(const struct mapping *m, const char *kind)
{
    for (size_t i = 0; i < m->count; i++)
        if (strcmp(m->entries[i].kind, kind) == 0)
            return true;
    return false;
}

static const struct mapping_entry *entry_of(const struct mapping *m, const char *kind,
                                            const json_t *body)
{
    for (size_t i = 0; i < m->count; i++)
        if (strcmp(m->entries[i].kind, kind) == 0
            && mapping_conditions_hold(&m->entries[i].when, body))
            return &m->entries[i];
    return NULL;
}

static uint32_t number_of(const json_t *body)
{
    uint64_t epoch = 0;
    (void)text_to_positive(json_string_value(json_object_get(body, "epoch")), &epoch);
    return mapping_number(epoch,
                          (uint64_t)json_integer_value(json_object_get(body, "seq")));
}

static int write_topic(const struct mapping_entry *entry, struct mapping_scope *scope,
                       struct mapped *ret)
{
    json_t *value = mapping_text_value(&entry->topic, scope);
    const char *text = json_string_value(value);
    int n = text ? snprintf(ret->topic, sizeof(ret->topic), "%s", text) : -1;
    json_decref(value);
    if (scope->failed)
        return scope->failed;
    bool is_topic = n > 0 && n < MAPPING_TOPIC_MAX
                    && mosquitto_pub_topic_check(ret->topic) == MOSQ_ERR_SUCCESS;
    return is_topic ? 0 : -EBADMSG;
}

static int write_body(const struct mapping_entry *entry, struct mapping_scope *scope,
                      struct mapped *ret)
{
    json_t *value = mapping_body_value(&entry->body, scope);
    if (scope->failed || !value)
        return scope->failed ? scope->failed : -EBADMSG;
    ret->body =
        json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(12) | JSON_ENCODE_ANY);
    json_decref(value);
    if (!ret->body)
        return -ENOMEM;
    if (strlen(ret->body) <= BODY_SIZE_MAX)
        return 1;
    free(ret->body);
    return -E2BIG;
}

int mapping_render(const struct mapping *m, const char *kind, const json_t *body,
                   struct mapped *ret)
{
    const struct mapping_entry *entry = entry_of(m, kind, body);
    struct mapping_scope scope = {.body = body, .number = number_of(body)};
    if (!entry)
        return 0;
    struct mapped made = {.is_retained = entry->is_retained};
    int r = write_topic(entry, &scope, &made);
    if (r == 0)
        r = write_body(entry, &scope, &made);
    if (r == 1)
        *ret = made;
    return r;
}
