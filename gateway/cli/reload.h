/* reload.h - campusctl reload: show the change, ask, do it.  Thread: one. */
#ifndef CLI_RELOAD_H
#define CLI_RELOAD_H

#include "cli/command.h"

/* reload_run - command.run of reload.  returns the exit code */
int reload_run(const struct command *command, const struct arguments *arguments);

#endif
