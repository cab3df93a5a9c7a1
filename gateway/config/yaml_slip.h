/* yaml_slip.h - what a Chinese keyboard or an editor's tabs leave in YAML.  Thread: any.
 */
#ifndef CONFIG_YAML_SLIP_H
#define CONFIG_YAML_SLIP_H

#include <stdbool.h>
#include <stddef.h>

/* yaml_slip - what the @line of @text or the one above it has, when that is a full-width
 * colon, comma, quote or blank outside a comment, and *ret_line; else NULL.  libyaml
 * stumbles over such a line only when it reads the next. */
const char *yaml_slip(const char *text, size_t size, int line, int *ret_line);

/* yaml_slip_mark - the first full-width mark of @text and what YAML wants, or NULL. */
const char *yaml_slip_mark(const char *text, size_t size);

/* yaml_slip_first - as yaml_slip(), the first one in lines 1 to @line: of a key without
 * its colon the next line is accused, or one far below. */
const char *yaml_slip_first(const char *text, size_t size, int line, int *ret_line);

/* yaml_slip_lacks_dash - the @line of @text or the one above it, *ret_line, is no item of
 * a list, and the line before or behind it is one. */
bool yaml_slip_lacks_dash(const char *text, size_t size, int line, int *ret_line);

/* yaml_slip_is_tab - @column of @line of @text, in letters from 1, is a tab. */
bool yaml_slip_is_tab(const char *text, size_t size, int line, int column);

#endif
