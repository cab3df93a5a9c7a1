#include "cli/beside.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char daemon_name[] = "campus-gatewayd";

static bool find_daemon(char ret[PATH_MAX])
{
    ssize_t size = readlink("/proc/self/exe", ret, PATH_MAX - sizeof(daemon_name) - 1);
    char *slash = size > 0 ? memrchr(ret, '/', (size_t)size) : NULL;
    if (!slash)
        return false;
    memcpy(slash + 1, daemon_name, sizeof(daemon_name));
    return access(ret, X_OK) == 0;
}

int beside_run(const char *const words[BESIDE_WORDS_MAX])
{
    char path[PATH_MAX];
    const char *all[BESIDE_WORDS_MAX + 1] = {daemon_name};
    for (size_t i = 0; i + 1 < BESIDE_WORDS_MAX && words[i]; i++)
        all[i + 1] = words[i];
    if (!find_daemon(path)) {
        (void)fprintf(stderr, "campusctl: %s is not beside this program\n", daemon_name);
        return EXIT_REFUSED;
    }
    (void)execv(path, (char *const *)all); /* returns only when it fails */
    (void)fprintf(stderr, "campusctl: cannot start '%s': %s\n", path, strerror(errno));
    return EXIT_REFUSED;
}

const char *beside_config(const struct arguments *arguments)
{
    return arguments->config ? arguments->config : "/etc/campus-gateway";
}
