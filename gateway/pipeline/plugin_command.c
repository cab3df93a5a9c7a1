/* plugin_command.c - what people order of plugins: the rows of all, and one order. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "pipeline/plugin_slots.h"

static const struct gw_command_info *commands_of(const struct gw_host *slot)
{
    static const struct gw_command_info none[] = {{0}};
    const struct gw_plugin *plugin = slot->plugin;
    return slot->self && plugin->on_command && plugin->commands ? plugin->commands : none;
}

static const struct gw_command_info *command_of(const struct gw_host *slot,
                                                const char *name)
{
    for (const struct gw_command_info *c = commands_of(slot); c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

/* The first slot with the command. */
static struct gw_host *slot_of(struct plugin_host *h, const char *name,
                               const struct gw_command_info **ret)
{
    for (unsigned i = 0; i < h->count; i++) {
        *ret = command_of(&h->slots[i], name);
        if (*ret)
            return &h->slots[i];
    }
    return NULL;
}

int plugin_commands_gather(struct plugin_host *h, struct gw_error *err)
{
    size_t count = 0;
    for (unsigned i = 0; i < h->count; i++)
        for (const struct gw_command_info *c = commands_of(&h->slots[i]); c->name; c++)
            count++;
    h->commands = arena_alloc(h->arena, (count + 1) * sizeof(struct gw_command_info *));
    if (!h->commands)
        return gw_fail(err, -ENOMEM, "out of memory");
    count = 0;
    for (unsigned i = 0; i < h->count; i++)
        for (const struct gw_command_info *c = commands_of(&h->slots[i]); c->name; c++) {
            const struct gw_command_info *first = NULL;
            const struct gw_host *owner = slot_of(h, c->name, &first);
            if (owner != &h->slots[i])
                return gw_fail(err, -EEXIST,
                               "plugin '%s': the command '%s' is of plugin '%s' already",
                               h->slots[i].plugin->name, c->name, owner->plugin->name);
            h->commands[count++] = c;
        }
    return 0;
}

const struct gw_command_info *const *plugin_host_commands(const struct plugin_host *h)
{
    return h->commands;
}

static int check_value(const struct gw_command_info *info,
                       const struct gw_command *command, struct gw_error *err)
{
    struct strbuf allowed = {0};
    for (size_t i = 0; info->values && info->values[i]; i++) {
        if (strcmp(info->values[i], command->value) == 0) {
            strbuf_free(&allowed);
            return 0;
        }
        strbuf_format(&allowed, "%s%s", i > 0 ? ", " : "", info->values[i]);
    }
    int r = gw_fail(err, -EINVAL, "'%s': '%s' is no word of it (allowed: %s)", info->name,
                    command->value, allowed.text ? allowed.text : "none");
    strbuf_free(&allowed);
    return r;
}

static int check_end(const struct gw_command_info *info, const struct gw_command *command,
                     struct gw_error *err)
{
    if (info->end_max_us == 0)
        return gw_fail(err, -EINVAL, "'%s' takes no end", info->name);
    if (command->until_us <= command->time_us
        || command->until_us - command->time_us > info->end_max_us)
        return gw_fail(err, -EINVAL,
                       "'%s': its end lies in the future, at most %lld min from now",
                       info->name, (long long)(info->end_max_us / 60000000));
    return 0;
}

static int check_needs(const struct gw_command_info *info,
                       const struct gw_command *command, struct gw_error *err)
{
    if ((info->needs & GW_COMMAND_TARGET) && !command->target[0])
        return gw_fail(err, -EINVAL, "'%s': what it is done to is missing (%s)",
                       info->name, info->target ? info->target : "a target");
    if ((info->needs & GW_COMMAND_VALUE) && !command->value[0])
        return check_value(info, command, err);
    if ((info->needs & GW_COMMAND_COMMENT) && !command->comment[0])
        return gw_fail(err, -EINVAL, "'%s': a reason is missing", info->name);
    if ((info->needs & GW_COMMAND_END) && command->until_us == GW_TIME_NONE)
        return gw_fail(err, -EINVAL, "'%s': until when is missing (at most %lld min)",
                       info->name, (long long)(info->end_max_us / 60000000));
    if (!info->is_question && !command->actor[0])
        return gw_fail(err, -EINVAL, "'%s': who does it is missing", info->name);
    return 0;
}

static int check(const struct gw_command_info *info, const struct gw_command *command,
                 struct gw_error *err)
{
    int r = check_needs(info, command, err);
    if (r == 0 && command->target[0] && !info->target)
        r = gw_fail(err, -EINVAL, "'%s' is done to nothing in particular", info->name);
    if (r == 0 && command->value[0])
        r = check_value(info, command, err);
    if (r == 0 && command->until_us != GW_TIME_NONE)
        r = check_end(info, command, err);
    return r;
}

int plugin_host_command(struct plugin_host *h, const struct gw_command *command,
                        char **ret_answer, struct gw_error *err)
{
    const struct gw_command_info *info = NULL;
    struct gw_host *slot = slot_of(h, command->name, &info);
    if (!slot)
        return gw_fail(err, -ENOENT, "there is no command '%s'", command->name);
    int r = check(info, command, err);
    if (r == 0) {
        int64_t began_us = clock_machine_us();
        r = slot->plugin->on_command(slot->self, command, err);
        plugin_end_call(slot, began_us);
    }
    if (r == 0 && ret_answer) {
        *ret_answer = slot->answer;
        slot->answer = NULL;
    }
    free(slot->answer);
    slot->answer = NULL;
    return r;
}
