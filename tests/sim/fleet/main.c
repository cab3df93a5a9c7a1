/* fleet - thousands of gateways' streams from one process, as the county's contract says.
 *
 * Prints one JSON line at the end; exit 0 when the county has answered every row, 1 when
 * it has not, 2 for what is wrong. */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "fleet.h"

static const char usage[] =
    "fleet --port PORT [OPTION…]\n"
    "    --gateways N       1 to 1,000,000 (1)\n"
    "    --connections N    that they share (1)\n"
    "    --every SECONDS    between two batches of rows of a gateway (900)\n"
    "    --at-once N        rows of a batch (64)\n"
    "    --seconds SECONDS  how long rows are made (60)\n"
    "    --drain SECONDS    how long answers are waited for after that (60)\n"
    "    --window N         rows of a gateway without an answer (100)\n"
    "    --resend SECONDS   first wait for an answer (10)\n"
    "    --backlog-rate N   rows a second of a gateway (20)\n"
    "    --lose N           one row of N is not sent before it is asked for (none)\n"
    "    --command-key NAME:KEY  whose commands are obeyed (nobody's)\n"
    "    --fault SECONDS    mean time between two faults of a gateway (none)\n"
    "    --cut SECONDS      mean time between two breaks of a connection (none)\n"
    "    --seed N           the same faults again (1)\n"
    "    --journal FILE     what was made: a JSON line a stream\n";

static const struct option long_options[] = {
    {"port", required_argument, NULL, 'p'},
    {"gateways", required_argument, NULL, 'g'},
    {"connections", required_argument, NULL, 'c'},
    {"every", required_argument, NULL, 'e'},
    {"at-once", required_argument, NULL, 'o'},
    {"seconds", required_argument, NULL, 's'},
    {"drain", required_argument, NULL, 'd'},
    {"window", required_argument, NULL, 'w'},
    {"resend", required_argument, NULL, 'r'},
    {"backlog-rate", required_argument, NULL, 'b'},
    {"lose", required_argument, NULL, 'l'},
    {"command-key", required_argument, NULL, 'k'},
    {"fault", required_argument, NULL, 'f'},
    {"cut", required_argument, NULL, 'u'},
    {"seed", required_argument, NULL, 'x'},
    {"journal", required_argument, NULL, 'j'},
    {0},
};

/* returns 0..1e9, or -1 */
static double read_number(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    bool is_number = end != text && *end == '\0' && value >= 0 && value <= 1e9;
    return is_number ? value : -1;
}

static int64_t micros(double seconds)
{
    return (int64_t)llround(seconds * 1e6);
}

static void take(struct fleet_setup *s, int option, double value)
{
    switch (option) {
    case 'p':
        s->port = (int)value;
        break;
    case 'g':
        s->gateways = (uint32_t)value;
        break;
    case 'c':
        s->connections = (uint32_t)value;
        break;
    case 'e':
        s->gateway.every_us = micros(value);
        break;
    case 'o':
        s->gateway.at_once = (uint32_t)value;
        break;
    case 's':
        s->make_us = micros(value);
        break;
    case 'd':
        s->drain_us = micros(value);
        break;
    case 'w':
        s->gateway.window = (uint32_t)value;
        break;
    case 'r':
        s->gateway.resend_us = micros(value);
        break;
    case 'b':
        s->gateway.backlog_rate = (uint32_t)value;
        break;
    case 'l':
        s->gateway.lose_every = (uint32_t)value;
        break;
    case 'f':
        s->gateway.fault_us = micros(value);
        break;
    case 'u':
        s->cut_us = micros(value);
        break;
    default:
        s->gateway.seed = (uint64_t)value;
        break;
    }
}

/* texts - of the options that have one. */
struct texts {
    const char *journal;
    struct order_key key;
};

static int take_text(struct fleet_setup *s, struct texts *t, int option, const char *text)
{
    if (option == 'j')
        t->journal = text;
    else if (order_key_read(text, &t->key) < 0)
        return -EINVAL;
    else
        s->key = &t->key;
    return 0;
}

static int read_options(int argc, char *argv[], struct fleet_setup *s, struct texts *t)
{
    for (;;) {
        int option = getopt_long(argc, argv, "", long_options, NULL);
        if (option == -1)
            break;
        bool is_text = option == 'j' || option == 'k';
        double value = is_text || option == '?' ? 0 : read_number(optarg);
        if (option == '?' || value < 0
            || (is_text && take_text(s, t, option, optarg) < 0))
            return -EINVAL;
        if (!is_text)
            take(s, option, value);
    }
    const struct gateway_setup *g = &s->gateway;
    bool is_good = optind == argc && s->port > 0 && s->port < 65536 && s->gateways >= 1
                   && s->gateways <= BODY_NUMBERS && s->connections >= 1
                   && s->connections <= s->gateways && g->every_us > 0 && g->at_once >= 1
                   && g->window >= 1 && g->resend_us > 0 && g->backlog_rate >= 1;
    return is_good ? 0 : -EINVAL;
}

static int stop_signals(void)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &stop, NULL);
    return signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int write_journal(const struct fleet *f, const char *path)
{
    FILE *out = fopen(path, "we");
    if (!out)
        return -errno;
    fleet_journal(f, out);
    return fclose(out) == 0 ? 0 : -errno;
}

int main(int argc, char *argv[])
{
    struct fleet_setup setup = {
        .host = "127.0.0.1",
        .gateways = 1,
        .connections = 1,
        .make_us = INT64_C(60000000),
        .drain_us = INT64_C(60000000),
        .gateway = {.seed = 1,
                    .every_us = INT64_C(900000000),
                    .at_once = 64,
                    .window = 100,
                    .resend_us = INT64_C(10000000),
                    .backlog_rate = 20},
    };
    struct texts texts = {0};
    if (read_options(argc, argv, &setup, &texts) < 0) {
        (void)fputs(usage, stderr);
        return 2;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    struct gw_error err;
    struct fleet *fleet;
    int r = fleet_new(&setup, &fleet, &err);
    if (r == 0) {
        r = fleet_run(fleet, stop_signals(), &err);
        fleet_print(fleet, stdout);
        if (texts.journal && write_journal(fleet, texts.journal) < 0)
            r = gw_fail(&err, -EIO, "%s: cannot be written", texts.journal);
        fleet_free(fleet);
    }
    if (r < 0)
        (void)fprintf(stderr, "fleet: %s\n", err.text);
    return r < 0 ? 2 : r != 1;
}
