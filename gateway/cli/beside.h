/* beside.h - what the daemon's program does in a process of its own.  Thread: one. */
#ifndef CLI_BESIDE_H
#define CLI_BESIDE_H

#include "cli/command.h"

enum { BESIDE_WORDS_MAX = 16 };

/* beside_run - the daemon's program with @words, NULL-terminated, in place of this one:
 * the one beside it, so that both are of one version.
 * returns only when it cannot be started: the exit code */
int beside_run(const char *const words[BESIDE_WORDS_MAX]);

/* beside_config - the configuration's folder, as --config says. */
const char *beside_config(const struct arguments *arguments);

#endif
