#include "cli/trial.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char daemon_name[] = "campus-gatewayd";
static const char default_config[] = "/etc/campus-gateway";

enum { WORDS_MAX = 16 };

/* The one beside this program, so that both are of one version. */
static bool find_daemon(char ret[PATH_MAX])
{
    ssize_t size = readlink("/proc/self/exe", ret, PATH_MAX - sizeof(daemon_name) - 1);
    char *slash = size > 0 ? memrchr(ret, '/', (size_t)size) : NULL;
    if (!slash)
        return false;
    memcpy(slash + 1, daemon_name, sizeof(daemon_name));
    return access(ret, X_OK) == 0;
}

int trial_run(const struct command *command, const struct arguments *arguments)
{
    char path[PATH_MAX];
    const char *const pairs[][2] = {
        {"--config", arguments->config ? arguments->config : default_config},
        {"--test-rule", arguments->operand},
        {"--from", arguments->from},
        {"--to", arguments->to},
        {"--replay", arguments->replay},
    };
    const char *words[WORDS_MAX] = {daemon_name};
    size_t count = 1;
    (void)command;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        if (pairs[i][1]) {
            words[count++] = pairs[i][0];
            words[count++] = pairs[i][1];
        }
    if (arguments->is_json)
        words[count++] = "--json";
    if (!find_daemon(path)) {
        (void)fprintf(stderr, "campusctl: %s is not beside this program\n", daemon_name);
        return EXIT_REFUSED;
    }
    (void)execv(path, (char *const *)words); /* returns only when it fails */
    (void)fprintf(stderr, "campusctl: cannot start '%s': %s\n", path, strerror(errno));
    return EXIT_REFUSED;
}
