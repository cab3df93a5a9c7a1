/* mapping_parts.h - what the files mapping*.c share.  Not for others. */
#ifndef UPLINK_MAPPING_PARTS_H
#define UPLINK_MAPPING_PARTS_H

#include <jansson.h>

#include "uplink/mapping.h"

enum {
    MAPPING_KINDS_MAX = 64,   /* templates of one file */
    MAPPING_VALUES_MAX = 200, /* of one condition or map */
    MAPPING_NODES_MAX = 4000, /* of one file's bodies */
    MAPPING_MADE_MAX = 50000  /* values of one message */
};

/* mapping_path - keys from a body or an answer down; "item" first: of $each. */
struct mapping_path {
    const char **steps;
    size_t count;
};

/* --- fields of the contract: mapping_fields.c ----------------------------------------
 */

/* mapping_schema - of @kind; NULL = there is none such, or no memory.  Owner: caller
 * mapping_kinds - all of them, as far as they fit. */
json_t *mapping_schema(const char *kind);
const char *mapping_kinds(char *ret, size_t size);

/* mapping_field - what @schema says of the field at @path ("data.object"), NULL = it has
 * none.  *ret_is_sure: it is in every message, and never null. */
const json_t *mapping_field(const json_t *schema, const char *path, bool *ret_is_sure);

/* mapping_field_is_plain - a template may take it whole: it has no named parts.
 * mapping_field_each - @schema with "item" beside its fields, as $each over @field has
 * it: an item of a list, or {key, value} of a free map.  NULL = @field is neither, or no
 * memory.  Owner: caller; json_decref() */
bool mapping_field_is_plain(const json_t *field);
json_t *mapping_field_each(const json_t *schema, const json_t *field);

bool mapping_field_has_type(const json_t *field, const char *type);
bool mapping_field_is_time(const json_t *field);
bool mapping_field_is_point(const json_t *field);

/* mapping_field_is_value - @text is one of an enumeration, or it is none.
 * mapping_field_values - all of an enumeration, as far as they fit. */
bool mapping_field_is_value(const json_t *field, const char *text);
const char *mapping_field_values(const json_t *field, char *ret, size_t size);

/* --- reading: mapping.c --------------------------------------------------------------
 */

/* mapping_reader - one file on its way.
 * kind, schema   of the template that is read; NULL: only what is fixed may be taken
 * names_number, names_id  a template of this entry took them */
struct mapping_reader {
    struct config_source *src;
    const struct county_config *county;
    const struct config_node *platform;
    struct config_mark asked; /* where the school asks for it */
    const struct config_node *names;
    const char *kind;
    const json_t *schema;
    bool names_number;
    bool names_id;
    size_t nodes;
};

/* mapping_unknown - a fault: @name is no field that may be taken; @takes_fixed: nor one
 * of what is the same for all messages.  mapping_fields.c */
void mapping_unknown(struct mapping_reader *r, struct config_mark mark, const char *path,
                     const char *name, bool takes_fixed);

/* mapping_passing - for what ends with the reading.  mapping_where - "path.key"; passing.
 * mapping_read_path - "data.object".  mapping_at - what stands there in @from; NULL =
 * nothing.  @item: of $each, may be NULL; mapping_render.c */
struct arena *mapping_passing(const struct mapping_reader *r);
const char *mapping_where(struct mapping_reader *r, const char *path, const char *key);
bool mapping_read_path(struct mapping_reader *r, const char *text,
                       struct mapping_path *ret);
const json_t *mapping_at(const json_t *from, const json_t *item,
                         const struct mapping_path *path);

/* --- texts with templates: mapping_text.c --------------------------------------------
 */

enum mapping_source {
    MAPPING_TEXT,   /* as it is */
    MAPPING_NUMBER, /* mapping_number() */
    MAPPING_FIELD
};

struct mapping_form; /* how a value is written */

struct mapping_part {
    enum mapping_source source;
    const char *text;
    struct mapping_path path;
    const struct mapping_form *form; /* NULL = as it is */
};

/* mapping_text - field: what the contract says of it, when it is one field and no more;
 * valid while its file is read */
struct mapping_text {
    struct mapping_part *parts;
    size_t count;
    const json_t *field;
    bool is_sure; /* never absent */
};

/* mapping_text_read - returns false and a fault */
bool mapping_text_read(struct mapping_reader *r, const struct config_node *node,
                       const char *text, const char *path, struct mapping_text *ret);
/* mapping_text_fixed - one that takes only what is fixed.  NULL = it does not (fault) */
const char *mapping_text_fixed(struct mapping_reader *r, const struct config_node *node,
                               const char *text, const char *path);

/* mapping_scope - one message that is made. */
struct mapping_scope {
    const json_t *body;
    const json_t *item; /* of $each */
    uint32_t number;
    size_t made;
    int failed; /* -ENOMEM, -E2BIG */
};

/* mapping_text_value - NULL: absent, or scope->failed.  Owner: caller; json_decref()
 * mapping_word - how a scalar reads as text; false: it is none.  */
json_t *mapping_text_value(const struct mapping_text *text, struct mapping_scope *scope);
enum { MAPPING_WORD_MAX = 256 };
bool mapping_word(const json_t *value, char ret[MAPPING_WORD_MAX]);

/* --- conditions: mapping_condition.c -------------------------------------------------
 */

struct mapping_condition {
    struct mapping_path path;
    const char **values;
    size_t count;
};

/* mapping_conditions - all of them must hold; none always holds. */
struct mapping_conditions {
    struct mapping_condition *items;
    size_t count;
};

/* mapping_conditions_read - {field: value, or a list of values}; with r->schema the
 * fields must be the contract's */
void mapping_conditions_read(struct mapping_reader *r, const struct config_node *node,
                             const char *path, struct mapping_conditions *ret);
bool mapping_conditions_hold(const struct mapping_conditions *c, const json_t *body);

/* --- bodies: mapping_body.c, mapping_render.c ----------------------------------------
 */

enum mapping_shape {
    MAPPING_NULL,
    MAPPING_TRUE,
    MAPPING_FALSE,
    MAPPING_INTEGER,
    MAPPING_REAL,
    MAPPING_LEAF,   /* a text */
    MAPPING_CHOICE, /* $value with $map and $else */
    MAPPING_OBJECT,
    MAPPING_LIST,
    MAPPING_EACH /* a list, one for each item */
};

/* mapping_node - children: of an object or a list, or what $each makes; each has its key
 * in an object.
 * each, needs  NULL = no such key
 * words        of $map; their nodes are the children.  other: $else */
struct mapping_node {
    enum mapping_shape shape;
    struct mapping_node *key;
    struct mapping_text text;
    double real;
    json_int_t integer;
    struct mapping_node *children;
    size_t count;
    const char **words;
    const struct mapping_node *other;
    const struct mapping_path *each;
    const struct mapping_node *each_key;
    const struct mapping_node *each_value;
    const struct mapping_path *needs;
};

bool mapping_body_read(struct mapping_reader *r, const struct config_node *node,
                       const char *path, struct mapping_node *ret);
json_t *mapping_body_value(const struct mapping_node *node, struct mapping_scope *scope);

/* --- the whole -----------------------------------------------------------------------
 */

struct mapping_entry {
    const char *kind;
    struct mapping_conditions when;
    struct mapping_text topic;
    bool is_retained;
    struct mapping_node body;
};

struct mapping_reply {
    const char *topic;
    struct mapping_path id;
    int is; /* 0 number, 1 id */
    struct mapping_conditions done;
    struct mapping_conditions refused;
};

struct mapping {
    const char *client_id;
    const char *gateway;
    int others; /* 0 drop, 1 keep */
    struct mapping_reply reply;
    struct mapping_entry entries[MAPPING_KINDS_MAX];
    size_t count;
};

/* mapping_reply_read - mapping_answer.c */
void mapping_reply_read(struct mapping_reader *r, const struct config_node *node,
                        struct mapping_reply *ret);
void mapping_reply_print_options(FILE *out);

#endif
