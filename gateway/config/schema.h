/* schema.h - from a YAML mapping to a struct by its option table, and back to a manual.
 *
 * Every fault is added to the list with file, line, column and key path; reading
 * goes on, so that all of them are reported at once.  Thread: main.
 */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "gw/error.h"
#include "gw/schema.h"

/* Where something stood: for faults found later by cross-checks. */
struct config_mark {
    const char *file; /* as the user would open it */
    int line;
    int column;
};

/* A node of a parsed document; opaque outside config/. */
struct config_node;

/* config_faults - every error and warning of one load, sorted by file and line. */
struct config_faults;

int config_faults_new(struct config_faults **ret);
struct config_faults *config_faults_free(struct config_faults *f);
size_t config_faults_errors(const struct config_faults *f);
size_t config_faults_warnings(const struct config_faults *f);

/* config_is_id - letters, digits, '.', '_' and '-', the first a letter or digit, at most
 * GW_ID_MAX - 1. */
bool config_is_id(const char *text);

/* config_fault - "file:line:column: key.path: what is wrong (what is allowed)". */
void config_fault(struct config_faults *f, struct config_mark mark, const char *path,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));
void config_warning(struct config_faults *f, struct config_mark mark, const char *path,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));
/* config_vfault - either of them, for who has a va_list. */
void config_vfault(struct config_faults *f, struct config_mark mark, const char *path,
                   bool is_warning, const char *format, va_list args);

/* config_faults_is_chinese - faults are told in Chinese, where there is a translation
 * (config/chinese.h): the language of the system when the list was made. */
bool config_faults_is_chinese(const struct config_faults *f);
void config_faults_speak(struct config_faults *f, bool is_chinese);

/* config_faults_say - @english as the faults are told. */
const char *config_faults_say(const struct config_faults *f, const char *english)
    __attribute__((format_arg(2)));

/* config_faults_print - all of them, in the order of files and lines. */
void config_faults_print(const struct config_faults *f, FILE *out);

/* config_faults_log - from now on they are printed for a log: of an office's table where
 * something is wrong and not what, for it may be the name of somebody. */
void config_faults_log(struct config_faults *f);

/* config_faults_print_of - those of files named so: without their folders, or a name
 * with a folder by its whole path. */
void config_faults_print_of(const struct config_faults *f, const char *const *names,
                            FILE *out);

/* config_faults_errors_of - how many errors they have; those that are not kept, for there
 * were too many, count as theirs. */
size_t config_faults_errors_of(const struct config_faults *f, const char *const *names);

/* config_faults_each_error - the first @max errors as they are printed for a log, each a
 * line without its end; no warnings.  returns how many errors there are besides */
size_t config_faults_each_error(const struct config_faults *f, size_t max,
                                void (*each)(void *ctx, const char *line), void *ctx);

/* config_source - what schema reading needs at hand.
 * arena        of what is read
 * passing      of what only the reading needs, as a file's bytes; NULL = arena
 * drops_nodes  documents are read into structs and done with: nodes and keys, but not
 *              texts, are passing too */
struct config_source {
    struct arena *arena;
    struct config_faults *faults;
    struct arena *passing;
    bool drops_nodes;
};

/* config_fill - reads mapping @node into @object by @options (defaults first).
 * Unknown keys, duplicates, wrong types and bounds are faults under @path.
 * @accept lists further keys that the caller reads itself (NULL = none).
 * returns true when this node had no fault */
bool config_fill(struct config_source *src, const struct config_node *node,
                 const char *path, const struct gw_option *options, void *object,
                 const char *const *accept);

/* config_read_option - one value by one option, where a table does not fit.  @field: the
 * C type behind it.  returns false and a fault */
bool config_read_option(struct config_source *src, const struct config_node *node,
                        const char *path, const struct gw_option *option, void *field);

/* config_defaults - the fallbacks only. */
void config_defaults(struct config_source *src, const struct gw_option *options,
                     void *object);

/* Walking by hand: sections, lists of structs.  NULL when absent. */
const struct config_node *config_child(const struct config_node *map, const char *key);
const struct config_node *config_item(const struct config_node *list, size_t index);
size_t config_count(const struct config_node *list_or_map);
const char *config_key(const struct config_node *map, size_t index);
const struct config_node *config_value(const struct config_node *map, size_t index);
const char *config_scalar(const struct config_node *node); /* NULL if not a scalar */
bool config_is_list(const struct config_node *node);
bool config_is_map(const struct config_node *node);
bool config_is_quoted(const struct config_node *node); /* a scalar between quotes */
struct config_mark config_where(const struct config_node *node);
struct config_mark config_where_key(const struct config_node *node);  /* of its key */
struct config_mark config_where_text(const struct config_node *node); /* behind a quote */

/* config_path_item - the path of a list's item: "devices.lux-203" after its name or id,
 * else "devices[3]"; passing. */
const char *config_path_item(struct config_source *src, const char *path,
                             const struct config_node *item, size_t index);

/* config_print_options - the manual of one table, as commented YAML. */
void config_print_options(FILE *out, const char *section, const struct gw_option *options,
                          int indent);

#endif
