/* calendar.h - campusctl calendar and campusctl enter. */
#ifndef CLI_CALENDAR_H
#define CLI_CALENDAR_H

#include "cli/command.h"

/* show_calendar - a day: its kind, phases, exemptions, each class's lessons. */
void show_calendar(const json_t *day, FILE *out);

/* calendar_run - a day, or with --check what is to be mended. */
int calendar_run(const struct command *command, const struct arguments *arguments);

/* enter_run - what the operand and its fields say, to the day book. */
int enter_run(const struct command *command, const struct arguments *arguments);

#endif
