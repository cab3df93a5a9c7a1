/* schema.h - one option table per struct: parser, checker, defaults, manual.
 *
 * Drivers, plugins and every part of the core describe their configuration so.
 * The core fills the struct from YAML before it calls anyone; strings and lists
 * belong to the core and live as long as the configuration.
 */
#ifndef GW_SCHEMA_H
#define GW_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/types.h"

/* The C type behind each option type. */
enum gw_option_type {
    GW_OPT_BOOL,   /* bool            true | false */
    GW_OPT_INT,    /* int32_t         decimal or 0x… */
    GW_OPT_UINT,   /* uint32_t        decimal or 0x… */
    GW_OPT_NUMBER, /* double */
    GW_OPT_SHARE,  /* double 0..1     "80%" */
    GW_OPT_STRING, /* const char * */
    GW_OPT_ID,     /* const char *    [A-Za-z0-9][A-Za-z0-9._-]*, at most GW_ID_MAX - 1 */
    GW_OPT_TEXT,   /* struct gw_text  a string, or {zh: …, en: …} */
    GW_OPT_ENUM,   /* int             index into choices */
    GW_OPT_DURATION, /* int64_t         microseconds; written 300ms, 5s, 10min, 2h, 3d */
    GW_OPT_CLOCK, /* int32_t         seconds since midnight; written "08:20" or "08:20:30"
                   */
    GW_OPT_STRINGS, /* struct gw_strings */
    GW_OPT_NUMBERS, /* struct gw_numbers */
    GW_OPT_MAP,  /* struct gw_map   text → number, e.g. states: {open: 1, closed: 0} */
    GW_OPT_NODE, /* the owner reads this subtree itself (nested lists of structs) */
    GW_OPT_PATH, /* const char *    of a file that its owner makes; from / on */
    GW_OPT_FILE, /* const char *    of a file that is there before the start; from / on */
};

struct gw_strings {
    const char *const *items;
    size_t count;
};

struct gw_numbers {
    const double *items;
    size_t count;
};

struct gw_map {
    const char *const *keys;
    const double *values;
    size_t count;
};

/* gw_rows - a filled gw_option_list: @count structs, one behind the other. */
struct gw_rows {
    const void *items;
    size_t count;
};

/* gw_option - one key.  A table ends with {0}.
 *
 * min, max   bounds of a number, a duration (in microseconds), a list's length or a
 *            path's bytes; both 0 = no bounds
 * choices    NULL-terminated, for GW_OPT_ENUM
 * fallback   the default as it would be written in YAML; NULL = zero value
 * help       one line for --print-options, with the unit */
struct gw_option {
    const char *name;
    enum gw_option_type type;
    size_t offset;
    bool required;
    double min;
    double max;
    const char *const *choices;
    const char *fallback;
    const char *help;
};

/* gw_option_list - a key that holds a list of mappings: areas: [{id: …}, {id: …}].
 *
 * options     of each mapping, into a struct of @row_size bytes
 * offset      of a struct gw_rows in the struct that has the list
 * help        one line for --print-options */
struct gw_option_list {
    const char *name;
    const struct gw_option *options;
    size_t row_size;
    size_t offset;
    const char *help;
};

#endif
