/* trial.h - campusctl test-rule: the daemon's own program, in a process of its own. */
#ifndef CLI_TRIAL_H
#define CLI_TRIAL_H

#include "cli/command.h"

/* trial_run - gives way to campus-gatewayd --test-rule; returns only when that fails. */
int trial_run(const struct command *command, const struct arguments *arguments);

#endif
