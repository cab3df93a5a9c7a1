/* yaml_slip.h - what a Chinese keyboard or an editor's tabs leave in YAML.  Thread: any.
 */
#ifndef CONFIG_YAML_SLIP_H
#define CONFIG_YAML_SLIP_H

#include <stdbool.h>
#include <stddef.h>

enum { YAML_SLIP_TEXT_MAX = 96 };

/* yaml_slip - a sentence " (line N has a full-width …)" into @ret when the @line of
 * @text or the one above it has a full-width colon, comma or quote outside a comment;
 * else "".  libyaml stumbles over such a line only when it reads the next. */
void yaml_slip(const char *text, size_t size, int line, char ret[YAML_SLIP_TEXT_MAX]);

/* yaml_slip_mark - the first full-width mark of @text and what YAML wants, or NULL. */
const char *yaml_slip_mark(const char *text, size_t size);

/* yaml_slip_is_tab - @column of @line of @text, in letters from 1, is a tab. */
bool yaml_slip_is_tab(const char *text, size_t size, int line, int column);

#endif
