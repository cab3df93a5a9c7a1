/* calendar.h - campusctl calendar and campusctl enter. */
#ifndef CLI_CALENDAR_H
#define CLI_CALENDAR_H

#include "cli/command.h"

/* show_calendar - a day: its kind, phases, exemptions, each class's lessons. */
void show_calendar(const json_t *day, FILE *out);

/* enter_run - what the operand and its fields say, to the day book. */
int enter_run(const struct command *command, const struct arguments *arguments);

#endif
