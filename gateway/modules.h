/* modules.h - the drivers and plugins of one configuration: those that are linked in,
 * and a school's own from the section `modules` of gateway.yaml.
 *
 * Read before everything else, since buses and plugins are read by their descriptors.
 */
#ifndef MODULES_H
#define MODULES_H

#include <stdio.h>

#include "config/config.h"
#include "config/diff.h"

struct modules;

/* modules_load - of @folder's gateway.yaml; every fault goes to @faults.
 * returns 0 and *ret, also with faults, or -ENOMEM.  Owner: caller; modules_free() */
int modules_load(const char *folder, struct config_faults *faults, struct modules **ret);
struct modules *modules_free(struct modules *m);

/* modules_all - lives as long as @m. */
const struct config_modules *modules_all(const struct modules *m);

void modules_diff(const struct modules *before, const struct modules *after,
                  struct config_diff *diff);
void modules_print_options(FILE *out);

#endif
