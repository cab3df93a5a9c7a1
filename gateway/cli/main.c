/* main.c - campusctl: the gateway from a terminal. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "cli/command.h"

static const char default_socket[] = "/run/campus-gateway/api.sock";

static const struct option options[] = {
    {"socket", required_argument, NULL, 's'},
    {"json", no_argument, NULL, 'j'},
    {"all", no_argument, NULL, 'a'},
    {"comment", required_argument, NULL, 'c'},
    {"check", no_argument, NULL, 'k'},
    {"csv", required_argument, NULL, 't'},
    {"for", required_argument, NULL, 'f'},
    {"diff", no_argument, NULL, 'd'},
    {"yes", no_argument, NULL, 'y'},
    {"confirm", no_argument, NULL, 'm'},
    {"confirm-within", required_argument, NULL, 'w'},
    {"config", required_argument, NULL, 'C'},
    {"from", required_argument, NULL, 'F'},
    {"to", required_argument, NULL, 'T'},
    {"replay", required_argument, NULL, 'R'},
    {"output", required_argument, NULL, 'o'},
    {"excel", no_argument, NULL, 'x'},
    {"force", no_argument, NULL, 'O'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static void print_usage(FILE *out)
{
    (void)fputs("usage: campusctl [--socket PATH] [--json] COMMAND\n\n", out);
    for (const struct command *c = commands; c->name; c++)
        (void)fprintf(out, "  %-42s %s\n", c->usage, c->help);
    (void)fprintf(out,
                  "\n  --socket PATH   the gateway's socket (%s,\n"
                  "                  or CAMPUS_GATEWAY_SOCKET)\n"
                  "  --json          the API's answer as it came\n"
                  "  --config DIR    of backup, restore, test-rule: the configuration "
                  "(/etc/campus-gateway)\n"
                  "  --from, --to    of export and test-rule: 2026-11-23T08:20; "
                  "all there is\n"
                  "  -o FILE         of export: into this file (--output)\n"
                  "  --excel         of export: so that Excel reads Chinese\n"
                  "  --replay FILE   of test-rule: over a replay file\n"
                  "  --force         of restore: also a backup of another gateway\n"
                  "  --version\n\n"
                  "exit codes: 0 done, 1 refused or unreachable, 2 wrong usage\n",
                  default_socket);
}

/* print_help - of one command, with the options that belong to it. */
static void print_help(const struct command *command, FILE *out)
{
    static const struct {
        const char *of;
        const char *text;
    } own[] = {
        {"all", "--all           also the alarms that are over"},
        {"comment", "--comment TEXT  why, kept with what was done"},
        {"for", "--for TIME      how long: 30min, 2h; 24h at most"},
        {"check", "--check         what is to be mended"},
        {"csv", "--csv FILE      all rows of a table, or none"},
        {"from", "--from, --to    2026-11-23, 2026-11-23T08:20; all there is"},
        {"output", "-o FILE         into this file (--output)"},
        {"excel", "--excel         so that Excel reads Chinese"},
        {"force", "--force         also a backup of another gateway"},
        {"replay", "--replay FILE   over a replay file"},
        {"config", "--config DIR    the configuration (/etc/campus-gateway)"},
        {"diff", "--diff          what has changed, without taking it"},
        {"yes", "--yes           without a question"},
        {"confirm", "--confirm       what was taken on trial stays"},
        {"within",
         "--confirm-within TIME  back unless confirmed: 90s, 5min; 24h at most"},
    };
    (void)fprintf(out, "usage: campusctl %s\n\n  %s\n", command->usage, command->help);
    bool is_first = true;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (command_takes(command, own[i].of)) {
            (void)fprintf(out, "%s  %s\n", is_first ? "\n" : "", own[i].text);
            is_first = false;
        }
    (void)fputs("\ncampusctl --help lists the other commands\n", out);
}

static int usage_fault(const char *english, const char *chinese, const char *which)
{
    bool is_chinese = language_is_chinese();
    (void)fprintf(stderr, "campusctl: %s%s%s%s\n", is_chinese ? chinese : english,
                  which ? " " : "", which ? which : "",
                  is_chinese ? "（campusctl --help 列出全部用法）"
                             : "; campusctl --help lists what there is");
    return EXIT_USAGE;
}

enum { MINUTES_MAX = 24 * 60 };

/* parse_minutes - "30min", "2h", at most a day; "45" is refused: a unit belongs to a
 * time.
 */
static long parse_minutes(const char *text)
{
    char *unit = NULL;
    errno = 0;
    long n = strtol(text, &unit, 10);
    if (errno || unit == text || n < 1 || n > MINUTES_MAX)
        return 0;
    long minutes = !strcmp(unit, "min") ? n : !strcmp(unit, "h") ? n * 60 : 0;
    return minutes <= MINUTES_MAX ? minutes : 0;
}

/* parse_seconds - "90s", "5min", "1h", at most a day. */
static long parse_seconds(const char *text)
{
    char *unit = NULL;
    errno = 0;
    long n = strtol(text, &unit, 10);
    if (errno == 0 && unit != text && !strcmp(unit, "s") && n >= 1
        && n <= 60L * MINUTES_MAX)
        return n;
    return 60 * parse_minutes(text);
}

/* is_utf8 - what JSON can carry. */
static bool is_utf8(const char *text)
{
    json_t *string = json_string(text);
    json_decref(string);
    return string != NULL;
}

/* option_text - where an option goes that is taken as it stands, NULL = another. */
static const char **option_text(struct arguments *arguments, int option)
{
    switch (option) {
    case 's':
        return &arguments->socket;
    case 'C':
        return &arguments->config;
    case 'F':
        return &arguments->from;
    case 'T':
        return &arguments->to;
    case 't':
        return &arguments->csv;
    case 'R':
        return &arguments->replay;
    case 'o':
        return &arguments->output;
    default:
        return NULL;
    }
}

/* option_flag - what an option without a value sets, NULL = another. */
static bool *option_flag(struct arguments *arguments, int option)
{
    switch (option) {
    case 'j':
        return &arguments->is_json;
    case 'a':
        return &arguments->all;
    case 'k':
        return &arguments->is_check;
    case 'd':
        return &arguments->is_diff;
    case 'y':
        return &arguments->is_yes;
    case 'm':
        return &arguments->is_confirm;
    case 'h':
        return &arguments->is_help;
    case 'x':
        return &arguments->is_excel;
    case 'O':
        return &arguments->is_forced;
    default:
        return NULL;
    }
}

/* parse_options - returns -1 to go on, or an exit code. */
static int parse_options(int argc, char **argv, struct arguments *ret)
{
    int c;
    while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
        const char **text = option_text(ret, c);
        bool *flag = option_flag(ret, c);
        if (text)
            *text = optarg;
        if (flag)
            *flag = true;
        if (text || flag)
            continue;
        switch (c) {
        case 'c':
            ret->comment = optarg;
            if (!is_utf8(optarg))
                return usage_fault("--comment is not in UTF-8",
                                   "--comment 不是 UTF-8 编码", NULL);
            break;
        case 'f':
            ret->minutes = parse_minutes(optarg);
            if (ret->minutes == 0)
                return usage_fault("--for takes 1min to 24h, such as 30min or 2h, not",
                                   "--for 可写 1min 到 24h，如 30min、2h；写的是",
                                   optarg);
            break;
        case 'w':
            ret->within_s = parse_seconds(optarg);
            if (ret->within_s == 0)
                return usage_fault("--confirm-within takes 1s to 24h, such as 90s, 5min "
                                   "or 2h, not",
                                   "--confirm-within 可写 1s 到 24h，如 90s、5min、2h；"
                                   "写的是",
                                   optarg);
            break;
        case 'V':
            (void)printf("campusctl %s\n", GW_VERSION);
            return EXIT_DONE;
        default:
            return EXIT_USAGE;
        }
    }
    return -1;
}

/* Options that are taken as they stand and are of some commands alone. */
static bool check_texts(const struct command *command, const struct arguments *arguments)
{
    const struct {
        const char *name;
        const char *text;
    } own[] = {{"config", arguments->config},
               {"from", arguments->from},
               {"to", arguments->to},
               {"replay", arguments->replay},
               {"output", arguments->output},
               {"excel", arguments->is_excel ? "" : NULL},
               {"force", arguments->is_forced ? "" : NULL}};
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (own[i].text && !command_takes(command, own[i].name)) {
            char english[64];
            char chinese[64];
            (void)snprintf(english, sizeof(english), "--%s does not belong to",
                           own[i].name);
            (void)snprintf(chinese, sizeof(chinese), "--%s 不能用于", own[i].name);
            (void)usage_fault(english, chinese, command->name);
            return false;
        }
    return true;
}

static int check(const struct command *command, const struct arguments *arguments,
                 int operands)
{
    if (arguments->all && !command_takes(command, "all"))
        return usage_fault("--all does not belong to", "--all 不能用于", command->name);
    if (arguments->comment && !command_takes(command, "comment"))
        return usage_fault("--comment does not belong to", "--comment 不能用于",
                           command->name);
    if (arguments->minutes && !command_takes(command, "for"))
        return usage_fault("--for does not belong to", "--for 不能用于", command->name);
    if (command->needs_reason && (!arguments->minutes || !arguments->comment))
        return usage_fault("--for and --comment are needed: campusctl",
                           "缺 --for 和 --comment：campusctl", command->usage);
    bool is_reload = command_takes(command, "diff");
    if (!is_reload
        && (arguments->is_diff || arguments->is_yes || arguments->is_confirm
            || arguments->within_s))
        return usage_fault("--diff, --yes, --confirm and --confirm-within are of reload",
                           "--diff、--yes、--confirm、--confirm-within 只用于 reload",
                           NULL);
    if (!check_texts(command, arguments))
        return EXIT_USAGE;
    if (arguments->is_diff + arguments->is_yes + arguments->is_confirm > 1
        || (arguments->within_s && (arguments->is_diff || arguments->is_confirm)))
        return usage_fault("one thing at a time: campusctl", "一次只做一件事：campusctl",
                           command->usage);
    static const struct {
        int least;
        int most;
    } words[] = {[OPERAND_NONE] = {0, 0},       [OPERAND_OPTIONAL] = {0, 1},
                 [OPERAND_REQUIRED] = {1, 1},   [OPERAND_AND_VALUE] = {2, 2},
                 [OPERAND_AND_MAYBE] = {1, 2},  [OPERAND_UP_TO_THREE] = {1, 3},
                 [OPERAND_MAYBE_THREE] = {0, 3}};
    if (arguments->is_check && (operands > 0 || !command_takes(command, "check")))
        return usage_fault("--check is of calendar alone", "--check 只用于 calendar",
                           NULL);
    if (arguments->csv && !command_takes(command, "csv"))
        return usage_fault("--csv does not belong to", "--csv 不能用于", command->name);
    if (arguments->csv && operands == 0)
        return EXIT_DONE;
    bool is_too_many = arguments->csv || operands > words[command->operand].most;
    if (is_too_many && strcmp(command->name, "enter") == 0 && arguments->value
        && strchr(arguments->value, '='))
        return usage_fault("a blank parts two items (allowed: a comma): campusctl",
                           "两项之间是空格（应写半角逗号）：campusctl", command->usage);
    if (is_too_many)
        return usage_fault("too many words: campusctl", "词太多：campusctl",
                           command->usage);
    if (operands < words[command->operand].least)
        return usage_fault("words are missing: campusctl", "词不够：campusctl",
                           command->usage);
    if (arguments->operand && !*arguments->operand)
        return usage_fault("the first word is empty: campusctl",
                           "第一个词是空的：campusctl", command->usage);
    return EXIT_DONE;
}

int main(int argc, char **argv)
{
    const char *from_environment = getenv("CAMPUS_GATEWAY_SOCKET");
    struct arguments arguments = {
        .socket =
            from_environment && *from_environment ? from_environment : default_socket,
    };
    int code = parse_options(argc, argv, &arguments);
    if (code >= 0)
        return code;
    if (optind >= argc) {
        print_usage(arguments.is_help ? stdout : stderr);
        return arguments.is_help ? EXIT_DONE : EXIT_USAGE;
    }
    const struct command *command = command_find(argv[optind]);
    if (!command)
        return usage_fault("there is no command", "没有这个命令", argv[optind]);
    if (arguments.is_help) {
        print_help(command, stdout);
        return EXIT_DONE;
    }
    arguments.operand = optind + 1 < argc ? argv[optind + 1] : NULL;
    arguments.value = optind + 2 < argc ? argv[optind + 2] : NULL;
    arguments.third = optind + 3 < argc ? argv[optind + 3] : NULL;
    code = check(command, &arguments, argc - optind - 1);
    return code == EXIT_DONE ? command_run(command, &arguments) : code;
}
