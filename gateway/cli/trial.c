#include "cli/trial.h"

#include "cli/beside.h"

int trial_run(const struct command *command, const struct arguments *arguments)
{
    const char *const pairs[][2] = {
        {"--config", beside_config(arguments)},
        {"--test-rule", arguments->operand},
        {"--from", arguments->from},
        {"--to", arguments->to},
        {"--replay", arguments->replay},
    };
    const char *words[BESIDE_WORDS_MAX] = {0};
    size_t count = 0;
    (void)command;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        if (pairs[i][1]) {
            words[count++] = pairs[i][0];
            words[count++] = pairs[i][1];
        }
    if (arguments->is_json)
        words[count++] = "--json";
    return beside_run(words);
}
