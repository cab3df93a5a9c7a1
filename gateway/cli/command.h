/* command.h - campusctl's commands as one table. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

/* arguments - the command line, taken apart; strings are the process's.
 * value     of write
 * minutes   of --for, 0 = not given */
struct arguments {
    const char *socket;
    const char *operand; /* GLOB, ALARM or POINT, NULL = none */
    const char *value;
    const char *comment;
    long minutes;
    bool is_json;
    bool all;
};

enum operand { OPERAND_NONE, OPERAND_OPTIONAL, OPERAND_REQUIRED, OPERAND_AND_VALUE };

/* command - one row.
 * target    of the API; "%s" stands for the escaped operand
 * bare      the target without an operand, where it is optional
 * options   what it takes of all, comment, for */
struct command {
    const char *name;
    const char *usage;
    const char *help;
    const char *method; /* NULL: follows the events */
    const char *target;
    const char *bare;
    enum operand operand;
    const char *options;
    bool needs_reason; /* --for and --comment */
    void (*show)(const json_t *answer, FILE *out);
};

extern const struct command commands[]; /* ends with {0} */

const struct command *command_find(const char *name);
bool command_takes(const struct command *command, const char *option);

/* command_run - asks and prints.  returns the exit code */
int command_run(const struct command *command, const struct arguments *arguments);

#endif
