#include "cli/order.h"

#include <stdlib.h>
#include <string.h>

#include "cli/client.h"
#include "cli/show.h"

enum { TARGET_MAX = 512 };

/* order - the words in their places: "do" has the command's name as its first. */
struct order {
    const char *name;
    const char *target;
    const char *value;
};

static struct order order_of(const struct command *command,
                             const struct arguments *arguments)
{
    if (strcmp(command->name, "do") == 0)
        return (struct order){arguments->operand, arguments->value, arguments->third};
    return (struct order){command->name, arguments->operand, arguments->value};
}

static char *order_body(const struct order *order, const struct arguments *arguments)
{
    json_t *body = command_options(arguments);
    if (order->target)
        (void)json_object_set_new(body, "target", json_string(order->target));
    if (order->value)
        (void)json_object_set_new(body, "value", json_string(order->value));
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    return text;
}

int order_run(const struct command *command, const struct arguments *arguments)
{
    const struct order order = order_of(command, arguments);
    char name[TARGET_MAX / 2];
    char target[TARGET_MAX];
    if (client_escape(order.name, name, sizeof(name)) < 0) {
        (void)fprintf(stderr, "campusctl: '%s' is too long\n", order.name);
        return EXIT_USAGE;
    }
    (void)snprintf(target, sizeof(target), "/api/v1/commands/%s", name);
    char *body = order_body(&order, arguments);
    int code = command_ask(arguments, &(struct request){.method = "POST",
                                                        .target = target,
                                                        .body = body,
                                                        .show = show_order});
    free(body);
    return code;
}
