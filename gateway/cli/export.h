/* export.h - what is stored, as a table for Excel or a program.  Thread: one. */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include "cli/command.h"

int export_run(const struct command *command, const struct arguments *arguments);

/* export_table - what @target answers to the file of --output, or to standard output. */
int export_table(const struct arguments *arguments, const char *target);

#endif
