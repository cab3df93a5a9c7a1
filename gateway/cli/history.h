/* history.h - what a point was: its readings, or steps of them.  Thread: one. */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include "cli/command.h"

void history_show(const json_t *answer, FILE *out);
int history_run(const struct command *command, const struct arguments *arguments);

#endif
