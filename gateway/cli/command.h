/* command.h - campusctl's commands as one table. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "gw/error.h"

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

/* arguments - the command line, taken apart; strings are the process's.
 * value     of write; the second word of others
 * third     of do
 * minutes   of --for, 0 = not given
 * within_s  of --confirm-within, likewise */
struct arguments {
    const char *socket;
    const char *operand; /* GLOB, ALARM, POINT, AREA …, NULL = none */
    const char *value;
    const char *third;
    const char *comment;
    const char *csv;
    const char *config;
    const char *from;
    const char *to;
    const char *replay;
    const char *output;
    long minutes;
    long within_s;
    bool is_json;
    bool all;
    bool is_diff;
    bool is_help;
    bool is_yes;
    bool is_confirm;
    bool is_check;
    bool is_excel;
    bool is_forced;
};

enum operand {
    OPERAND_NONE,
    OPERAND_OPTIONAL,
    OPERAND_REQUIRED,
    OPERAND_AND_VALUE,
    OPERAND_AND_MAYBE, /* one or two words */
    OPERAND_UP_TO_THREE,
    OPERAND_MAYBE_THREE
};

/* command - one row.
 * target    of the API; "%s" stands for the escaped operand
 * bare      the target without an operand, where it is optional
 * options   what it takes of all, check, comment, config, confirm, csv, diff, excel, for,
 *           force, from, output, replay, to, within, yes
 * run       NULL: asks once and shows the answer */
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
    int (*run)(const struct command *command, const struct arguments *arguments);
};

extern const struct command commands[]; /* ends with {0} */

const struct command *command_find(const char *name);
bool command_takes(const struct command *command, const char *option);

/* command_failed, command_problem - says why nothing came of it; returns the exit code.
 */
struct client_answer;
int command_failed(const struct gw_error *err);
int command_problem(const struct client_answer *answer);

/* command_options - what --comment and --for bring into a body.  Owner: caller */
json_t *command_options(const struct arguments *arguments);

/* request - what is asked of the API, and what shows its answer.
 * body  NULL = none
 * csv   instead of it: a table's bytes, csv_size of them */
struct request {
    const char *method;
    const char *target;
    const char *body;
    const char *csv;
    size_t csv_size;
    void (*show)(const json_t *answer, FILE *out);
};

/* command_ask - asks, and shows the answer; with --json as it came.
 * returns the exit code */
int command_ask(const struct arguments *arguments, const struct request *request);

/* command_run - asks and prints.  returns the exit code */
int command_run(const struct command *command, const struct arguments *arguments);

#endif
