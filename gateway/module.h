/* module.h - a school's own driver or plugin: checked to the last byte, then loaded.
 *
 * A module runs inside the daemon and may do all that it may; so only root may put it
 * there, and only the very bytes that the configuration names are loaded.  What is loaded
 * stays until the process ends: a module is never unloaded or replaced.
 * Thread: main, and once it runs the reload's; one at a time.
 */
#ifndef MODULE_H
#define MODULE_H

#include "gw/driver.h"
#include "gw/error.h"
#include "gw/plugin.h"

enum {
    MODULE_DESCRIPTORS_MAX = 16, /* drivers, and plugins, of one module */
    MODULE_SIZE_MAX = 16 << 20,
    MODULE_FILE_MAX = 128,
    MODULE_HASH_HEX = 64,
};

/* module - its descriptors, NULL-terminated, grown to the size that this daemon knows:
 * what an older module lacks is zero. */
struct module {
    char file[MODULE_FILE_MAX];
    char sha256[MODULE_HASH_HEX + 1];
    const struct gw_driver *drivers[MODULE_DESCRIPTORS_MAX + 1];
    const struct gw_plugin *plugins[MODULE_DESCRIPTORS_MAX + 1];
};

/* module_load - @file of @folder, when its SHA-256 is @sha256 (64 hex digits); runs its
 * constructors.
 * folder    like everything above it of root's, and nobody else's to write to
 * returns   0 and *ret, the same again for what is loaded already, or gw_fail()
 * Owner:    the process, for life */
int module_load(const char *folder, const char *file, const char *sha256,
                const struct module **ret, struct gw_error *err);

/* module_adopt - the descriptors of a module that is loaded, copied into @ret; either
 * list may be NULL.  returns 0 or gw_fail(): what this daemon cannot run */
int module_adopt(const struct gw_driver *const *drivers,
                 const struct gw_plugin *const *plugins, struct module *ret,
                 struct gw_error *err);

#endif
