/* order.h - campusctl's commands to plugins: arm, disarm, bypass, drill, test, do. */
#ifndef CLI_ORDER_H
#define CLI_ORDER_H

#include "cli/command.h"

int order_run(const struct command *command, const struct arguments *arguments);

#endif
