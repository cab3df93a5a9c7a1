/* main.c - arguments, and nothing else. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "base/clock.h"
#include "copies.h"
#include "playback.h"
#include "settings.h"
#include "trial.h"
#include "uplink/letter.h"

enum { EXIT_USAGE = 2, EXIT_LEFT = 3 };

/* An hour a second: a month takes twelve minutes. */
enum { SPEED_MOST = 3600 };

struct arguments {
    const char *folder;
    const char *replay;
    const char *backup;
    const char *restore;
    struct trial_request trial;
    int64_t school_start_us; /* GW_TIME_NONE: the kernel's time */
    double school_speed;
    bool is_check;
    bool is_print;
    bool is_mapped;
    bool is_forced;
    bool is_version;
};

enum option_code {
    OPT_CONFIG = 1,
    OPT_CHECK,
    OPT_PRINT,
    OPT_MAPPED,
    OPT_REPLAY,
    OPT_TEST,
    OPT_BACKUP,
    OPT_RESTORE,
    OPT_FORCE,
    OPT_FROM,
    OPT_TO,
    OPT_JSON,
    OPT_TIME,
    OPT_SPEED,
    OPT_VERSION,
    OPT_HELP
};

static const struct option options[] = {
    {"config", required_argument, NULL, OPT_CONFIG},
    {"check", no_argument, NULL, OPT_CHECK},
    {"print-options", no_argument, NULL, OPT_PRINT},
    {"print-mapped", no_argument, NULL, OPT_MAPPED},
    {"replay", required_argument, NULL, OPT_REPLAY},
    {"test-rule", required_argument, NULL, OPT_TEST},
    {"backup", required_argument, NULL, OPT_BACKUP},
    {"restore", required_argument, NULL, OPT_RESTORE},
    {"force", no_argument, NULL, OPT_FORCE},
    {"from", required_argument, NULL, OPT_FROM},
    {"to", required_argument, NULL, OPT_TO},
    {"json", no_argument, NULL, OPT_JSON},
    {"school-time", required_argument, NULL, OPT_TIME},
    {"school-speed", required_argument, NULL, OPT_SPEED},
    {"version", no_argument, NULL, OPT_VERSION},
    {"help", no_argument, NULL, OPT_HELP},
    {0},
};

static const char usage[] =
    "usage: campus-gatewayd --config DIR [--check | --print-mapped | --replay FILE]\n"
    "       campus-gatewayd --config DIR --test-rule FILE [--from TIME] [--to TIME]\n"
    "                       [--replay FILE] [--json]\n"
    "       campus-gatewayd --config DIR --backup FILE [--json]\n"
    "       campus-gatewayd --config DIR --restore FILE [--force]\n"
    "       campus-gatewayd --print-options | --version\n"
    "\n"
    "  --config DIR          gateway.yaml, campus.yaml, metrics.yaml, devices.d/, "
    "rules/, …\n"
    "  --check               load as the daemon would, print every fault, start nothing\n"
    "  --print-mapped        what each of the contract's examples becomes by "
    "county.mapping\n"
    "  --replay FILE         JSON lines through the same pipeline in virtual time (- = "
    "stdin)\n"
    "  --test-rule FILE      what its rules would have done: over the stored history, or "
    "over\n"
    "                        a replay; --from and --to limit the span, --json for "
    "programs\n"
    "  --backup FILE         a copy of the database, while no gateway runs; \"\" = in "
    "the "
    "folder\n"
    "                        backups beside it; campusctl backup does either\n"
    "  --restore FILE        this backup in place of the database, which is kept; a new "
    "epoch\n"
    "  --force               with --restore: also a backup of another gateway\n"
    "  --print-options       every configuration key with its type, bounds and default\n"
    "  --school-time TIME    for demonstrations: school time starts here (RFC 3339)\n"
    "  --school-speed N      and runs N times as fast as machine time (1..3600)\n";

static bool read_speed(const char *text, double *ret)
{
    char *end;
    errno = 0;
    double speed = strtod(text, &end);
    if (errno != 0 || *end || end == text || speed < 1 || speed > SPEED_MOST)
        return false;
    *ret = speed;
    return true;
}

static bool read_school_time(const char *text, int64_t *ret_us)
{
    if (clock_parse(text, ret_us) == 0)
        return true;
    fprintf(stderr,
            "campus-gatewayd: --school-time '%s' is not a time such as "
            "2026-11-23T08:15:00+08:00\n",
            text);
    return false;
}

static bool read_school_speed(const char *text, double *ret)
{
    if (read_speed(text, ret))
        return true;
    fprintf(stderr, "campus-gatewayd: --school-speed '%s' is not a number 1..%d\n", text,
            SPEED_MOST);
    return false;
}

/* returns false after it has said what is wrong. */
static bool read_argument(int code, struct arguments *a)
{
    const struct {
        int code;
        const char **text;
        bool *flag;
    } plain[] = {
        {OPT_CONFIG, &a->folder, NULL},      {OPT_CHECK, NULL, &a->is_check},
        {OPT_PRINT, NULL, &a->is_print},     {OPT_MAPPED, NULL, &a->is_mapped},
        {OPT_REPLAY, &a->replay, NULL},      {OPT_BACKUP, &a->backup, NULL},
        {OPT_RESTORE, &a->restore, NULL},    {OPT_TEST, &a->trial.file, NULL},
        {OPT_FROM, &a->trial.from, NULL},    {OPT_TO, &a->trial.to, NULL},
        {OPT_JSON, NULL, &a->trial.is_json}, {OPT_VERSION, NULL, &a->is_version},
        {OPT_FORCE, NULL, &a->is_forced},
    };
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        if (plain[i].code != code)
            continue;
        if (plain[i].text)
            *plain[i].text = optarg;
        else
            *plain[i].flag = true;
        return true;
    }
    if (code == OPT_TIME)
        return read_school_time(optarg, &a->school_start_us);
    if (code == OPT_SPEED)
        return read_school_speed(optarg, &a->school_speed);
    fputs(usage, stderr);
    return false;
}

static void print_checked(const char *folder, const struct settings *settings)
{
    size_t warnings = config_faults_warnings(settings->faults);
    config_print_bus_times(settings->config, settings->faults, stdout);
    campus_print_summary(settings->campus, settings->config, settings->faults,
                         clock_school_us(), stdout);
    printf(config_faults_say(settings->faults, "%s: no errors, %zu warning%s\n"), folder,
           warnings, warnings == 1 ? "" : "s");
}

static int fail_checked(const char *folder, const struct settings *s,
                        struct gw_error *err)
{
    size_t errors = config_faults_errors(s->faults);
    size_t warnings = config_faults_warnings(s->faults);
    return gw_fail(err, -EINVAL,
                   config_faults_say(s->faults, "%s: %zu error%s, %zu warning%s"), folder,
                   errors, errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
}

static int check(const char *folder, struct gw_error *err)
{
    struct settings settings;
    int r = settings_load(folder, &settings, err);
    if (r == 0) {
        if (!settings_check(&settings, stderr))
            r = fail_checked(folder, &settings, err);
        else
            print_checked(folder, &settings);
    }
    settings_free(&settings);
    return r;
}

static int print_mapped(const char *folder, struct gw_error *err)
{
    struct settings settings;
    int r = settings_read(folder, NULL, false, &settings, err);
    if (r == 0 && !settings.county.mapping)
        r = gw_fail(err, -ENOENT, "configuration '%s' has no county.mapping", folder);
    if (r == 0)
        letter_print(&settings.county, stdout);
    settings_free(&settings);
    return r;
}

static int run(const struct arguments *a, struct gw_error *err)
{
    if (a->is_check)
        return check(a->folder, err);
    if (a->is_mapped)
        return print_mapped(a->folder, err);
    if (a->backup)
        return copies_backup(a->folder, a->backup, a->trial.is_json, stdout, err);
    if (a->restore)
        return copies_restore(a->folder, a->restore, a->is_forced, stdout, err);
    if (a->is_forced)
        return gw_fail(err, -EINVAL, "--force needs --restore");
    if (a->trial.file) {
        struct trial_request request = a->trial;
        request.folder = a->folder;
        request.replay = a->replay;
        return trial_run(&request, stdout, err);
    }
    if (a->trial.from || a->trial.to || a->trial.is_json)
        return gw_fail(err, -EINVAL, "--from, --to and --json need --test-rule");
    if (a->replay)
        return playback_run(a->folder, a->replay, stdout, err);
    if (a->school_start_us == GW_TIME_NONE && a->school_speed != 1)
        return gw_fail(err, -EINVAL, "--school-speed needs --school-time");
    if (a->school_start_us != GW_TIME_NONE)
        clock_run_school(a->school_start_us, a->school_speed);
    return app_run(a->folder, err);
}

int main(int argc, char **argv)
{
    struct arguments a = {.school_start_us = GW_TIME_NONE, .school_speed = 1};
    int code;
    while ((code = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (code == OPT_HELP) {
            fputs(usage, stdout);
            return EXIT_SUCCESS;
        }
        if (!read_argument(code, &a))
            return EXIT_USAGE;
    }
    if (a.is_version) {
        printf("campus-gatewayd %s\n", GW_VERSION);
        return EXIT_SUCCESS;
    }
    if (a.is_print) {
        settings_print_options(stdout);
        return EXIT_SUCCESS;
    }
    if (!a.folder || optind != argc) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }

    struct gw_error err = {0};
    int r = run(&a, &err);
    if (r < 0)
        fprintf(stderr, "campus-gatewayd: %s\n", err.text);
    if (r == APP_LEFT)
        _exit(EXIT_LEFT);
    return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
