/* playback.h - --replay: the daemon's pipeline and store in virtual time. */
#ifndef PLAYBACK_H
#define PLAYBACK_H

#include <stdio.h>

#include "gw/error.h"

/* playback_run - reads @path ("-" = stdin) through the configuration in @folder; the
 * store is a new file in a temporary folder, removed at the end; nothing is sent.
 * returns 0 or gw_fail(); faults of the configuration are printed to stderr */
int playback_run(const char *folder, const char *path, FILE *out, struct gw_error *err);

#endif
