/* export.h - what is stored, as a table for Excel or a program.  Thread: one. */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include "cli/command.h"

int export_run(const struct command *command, const struct arguments *arguments);

#endif
