/* backup.h - copies of the database: made by the gateway, or without one.  Thread: one.
 */
#ifndef CLI_BACKUP_H
#define CLI_BACKUP_H

#include "cli/command.h"

/* backup_run - of "backup": asks the gateway; where none answers, does it beside it. */
int backup_run(const struct command *command, const struct arguments *arguments);

/* restore_run - of "restore": beside a gateway that does not run. */
int restore_run(const struct command *command, const struct arguments *arguments);

#endif
