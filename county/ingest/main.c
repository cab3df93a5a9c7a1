/* campus-county - the reference receiver of the county contract. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "gw/log.h"
#include "ingest/batches.h"
#include "ingest/check_command.h"
#include "ingest/evidence_command.h"
#include "ingest/feed.h"
#include "ingest/metrics.h"
#include "ingest/requester.h"
#include "ingest/validator.h"

enum {
    TURN_MS = 1000,
    STATS_DEFAULT_S = 10,
    STATS_MAX_S = 86400,
    ASK_DEFAULT_S = 300,
    ASK_MAX_S = 86400, /* also the longest wait */
};

struct options {
    struct feed_source source;
    struct batches_setup http; /* address NULL = not wanted */
    const char *database;
    const char *schemas;
    const char *validate;
    const char *metrics;
    const char *command_key;
    const char *new_key;
    const char *shown_key;
    int stats_s;
    int ask_s; /* 0 = not said */
    bool only_gaps;
};

static const char usage[] =
    "campus-county --broker BROKER --database DATABASE --schemas DIR [HTTP]\n"
    "              [--ca FILE [--certificate FILE --key FILE]]\n"
    "              [--user NAME [--password-file FILE]]\n"
    "              [--client-id ID] [--stats-every SECONDS] [--metrics 127.0.0.1:PORT]\n"
    "              [--command-key FILE [--ask-after SECONDS]]\n"
    "    receives what the gateways send, until SIGTERM\n"
    "    BROKER: mqtt://HOST[:PORT], or amqp://[USER:PASSWORD@]HOST[:PORT][/VHOST]\n"
    "    (a RabbitMQ with its MQTT plugin; ID is the queue's name then);\n"
    "    mqtts:// and amqps:// with the broker's CA, and a certificate where it asks for "
    "one;\n"
    "    with a command key it asks the gateways for what is missing (after 300 s)\n"
    "campus-county HTTP --database DATABASE --schemas DIR\n"
    "    takes batches of gateways, also beside a broker; HTTP:\n"
    "    --http ADDRESS:PORT --http-certificate FILE --http-key FILE --http-ca FILE, or\n"
    "    --http 127.0.0.1:PORT --http-name-header NAME, behind a proxy that ends TLS;\n"
    "    [--http-division DIGITS]: only of gateways whose division begins so\n"
    "campus-county --database DATABASE --gaps\n"
    "    names every hole in what was received, one JSON line each\n"
    "    DATABASE: a file (SQLite), postgresql://[USER@]HOST[:PORT]/NAME,\n"
    "    or 'host=HOST dbname=NAME …'\n"
    "campus-county --make-command-key FILE\n"
    "    draws a secret key into a new FILE, and prints what each gateway.yaml needs\n"
    "campus-county --show-command-key FILE\n"
    "    prints that again, of a FILE that is there\n"
    "campus-county --validate SCHEMA FILE...\n"
    "    checks documents; exit 1 when one breaks the schema\n" CHECK_USAGE
        EVIDENCE_USAGE;

static const struct option long_options[] = {
    {"broker", required_argument, NULL, 'b'},
    {"database", required_argument, NULL, 'd'},
    {"schemas", required_argument, NULL, 's'},
    {"ca", required_argument, NULL, 'a'},
    {"certificate", required_argument, NULL, 'c'},
    {"key", required_argument, NULL, 'k'},
    {"user", required_argument, NULL, 'u'},
    {"password-file", required_argument, NULL, 'p'},
    {"client-id", required_argument, NULL, 'i'},
    {"stats-every", required_argument, NULL, 'e'},
    {"metrics", required_argument, NULL, 'm'},
    {"http", required_argument, NULL, 'H'},
    {"http-certificate", required_argument, NULL, 'C'},
    {"http-key", required_argument, NULL, 'K'},
    {"http-ca", required_argument, NULL, 'A'},
    {"http-name-header", required_argument, NULL, 'N'},
    {"http-division", required_argument, NULL, 'D'},
    {"command-key", required_argument, NULL, 'y'},
    {"make-command-key", required_argument, NULL, 'n'},
    {"show-command-key", required_argument, NULL, 'w'},
    {"ask-after", required_argument, NULL, 'f'},
    {"gaps", no_argument, NULL, 'g'},
    {"validate", required_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

static int complain(const struct gw_error *err)
{
    (void)fprintf(stderr, "campus-county: %s\n", err->text);
    return 2;
}

/* returns a whole number @min..@max, or -1 */
static int read_number(const char *text, int min, int max)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    bool is_number = errno == 0 && end != text && *end == '\0';
    return is_number && value >= min && value <= max ? (int)value : -1;
}

static int validate(const char *schema, char *const *files, int count)
{
    struct gw_error err;
    struct validator *validator;
    if (validator_new(schema, &validator, &err) < 0)
        return complain(&err);
    int status = 0;
    for (int i = 0; i < count; i++) {
        json_error_t fault;
        json_t *document = json_load_file(files[i], JSON_DECODE_ANY, &fault);
        const char *why = fault.text;
        bool is_valid = document && validator_check(validator, document, &err) == 0;
        if (document)
            why = err.text;
        (void)printf("%s: %s\n", files[i], is_valid ? "valid" : why);
        status |= !is_valid;
        json_decref(document);
    }
    validator_free(validator);
    return status;
}

static void print_gap(void *ctx, const struct archive_key *key,
                      const struct archive_range *gap)
{
    (void)ctx;
    (void)printf("{\"gateway\":\"%s\",\"epoch\":\"%" PRIu64 "\",\"from\":%" PRIu64
                 ",\"to\":%" PRIu64 "}\n",
                 key->gateway, key->epoch, gap->from, gap->to);
}

static int print_gaps(const char *database)
{
    struct gw_error err;
    struct archive *archive;
    struct archive_counts counts;
    if (archive_open_to_read(database, &archive, &err) < 0)
        return complain(&err);
    int r = archive_gaps(archive, print_gap, NULL, &counts, &err);
    archive_close(archive);
    return r < 0 ? complain(&err) : 0;
}

/* What is printed goes into gateway.yaml as it is. */
static int show_key(const char *path)
{
    struct gw_error err;
    struct signer *signer = NULL;
    if (signer_new(path, &signer, &err) < 0)
        return complain(&err);
    (void)printf("# gateway.yaml, in county: (the secret half is in %s)\n"
                 "command_keys: {%s: \"%s\"}\n",
                 path, signer_name(signer), signer_public(signer));
    signer_free(signer);
    return 0;
}

static int make_key(const char *path)
{
    struct gw_error err;
    return signer_make(path, &err) < 0 ? complain(&err) : show_key(path);
}

static int print_stats(const struct intake *intake, struct archive *archive,
                       struct gw_error *err)
{
    struct archive_counts counts;
    int r = archive_count(archive, &counts, err);
    if (r < 0)
        return r;
    struct intake_counts since = intake_counts(intake);
    (void)printf("{\"messages\":%" PRIu64 ",\"rows\":%" PRIu64 ",\"repeated\":%" PRIu64
                 ",\"conflicts\":%" PRIu64,
                 since.messages, counts.rows, since.repeated, since.conflicts);
    if (counts.duplicates >= 0)
        (void)printf(",\"duplicates\":%" PRId64, counts.duplicates);
    (void)printf(",\"invalid\":%" PRIu64 ",\"gaps\":%" PRIu64 ",\"missing\":%" PRIu64
                 "}\n",
                 since.invalid, counts.gaps, counts.missing);
    (void)fflush(stdout);
    return 0;
}

static int stop_signals(void)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    if (sigprocmask(SIG_BLOCK, &stop, NULL) < 0)
        return -errno;
    int fd = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

/* receiver - all that one needs; made and freed together. */
struct receiver {
    struct schema_set *schemas;
    struct archive *archive;
    struct intake *intake;
    struct signer *signer;       /* NULL = no key: nothing is asked for */
    struct requester *requester; /* the same */
    struct metrics *metrics;     /* NULL = not wanted */
    struct batches *batches;     /* the same */
    struct feed *feed;           /* NULL = batches alone */
};

/* What interrupts the wait for the broker: one descriptor for all. */
static int wake_on(int stop_fd, const struct receiver *rc)
{
    const int fds[] = {stop_fd, rc->metrics ? metrics_fd(rc->metrics) : -1,
                       rc->batches ? batches_fd(rc->batches) : -1};
    struct epoll_event event = {.events = EPOLLIN};
    int r = 0;
    int fd = epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0)
        return -errno;
    for (size_t i = 0; r == 0 && i < sizeof(fds) / sizeof(fds[0]); i++)
        if (fds[i] >= 0 && epoll_ctl(fd, EPOLL_CTL_ADD, fds[i], &event) < 0)
            r = -errno;
    if (r == 0)
        return fd;
    (void)close(fd);
    return r;
}

static int exchange(const struct receiver *rc, int wake_fd, struct gw_error *err)
{
    struct pollfd wake = {.fd = wake_fd, .events = POLLIN};
    int wait_ms = rc->batches ? batches_wait(rc->batches, TURN_MS) : TURN_MS;
    int r = 0;
    if (rc->feed)
        r = feed_turn(rc->feed, wake_fd, wait_ms, err);
    else
        (void)poll(&wake, 1, wait_ms);
    if (rc->requester)
        requester_turn(rc->requester, rc->feed);
    if (rc->batches)
        batches_turn(rc->batches);
    if (rc->metrics)
        metrics_turn(rc->metrics, rc->feed && feed_is_up(rc->feed));
    return r;
}

static int turn(const struct receiver *rc, int stop_fd, int wake_fd, int stats_s,
                struct gw_error *err)
{
    int64_t next_us = clock_machine_us() + stats_s * INT64_C(1000000);
    struct signalfd_siginfo signal;
    int r = 0;
    while (r == 0 && read(stop_fd, &signal, sizeof(signal)) < 0) {
        r = exchange(rc, wake_fd, err);
        if (r == 0 && stats_s > 0 && clock_machine_us() >= next_us) {
            struct gw_error fault; /* of an archive that is away: it comes back */
            if (print_stats(rc->intake, rc->archive, &fault) < 0)
                gw_log(GW_LOG_WARNING, (struct gw_subject){"ARCHIVE", "county"},
                       "no figures: %s", fault.text);
            next_us = clock_machine_us() + stats_s * INT64_C(1000000);
        }
    }
    return r;
}

static int receive(const struct receiver *rc, int stats_s, struct gw_error *err)
{
    int stop_fd = stop_signals();
    if (stop_fd < 0)
        return gw_fail(err, stop_fd, "signals: %s", strerror(-stop_fd));
    int wake_fd = wake_on(stop_fd, rc);
    int r = wake_fd < 0 ? gw_fail(err, wake_fd, "epoll: %s", strerror(-wake_fd))
                        : turn(rc, stop_fd, wake_fd, stats_s, err);
    if (wake_fd >= 0)
        (void)close(wake_fd);
    (void)close(stop_fd);
    return r == 0 ? print_stats(rc->intake, rc->archive, err) : r;
}

/* A server that comes up after its receivers, as after a power cut, is waited for. */
static int open_archive(const char *name, struct archive **ret, struct gw_error *err)
{
    static const struct gw_subject subject = {"ARCHIVE", "county"};
    struct backoff backoff;
    backoff_begin(&backoff);
    for (bool is_told = false;; is_told = true) {
        int r = archive_open(name, ret, err);
        if (r == 0 && is_told)
            gw_log(GW_LOG_NOTICE, subject, "there now");
        if (r != -EAGAIN)
            return r;
        if (!is_told)
            gw_log(GW_LOG_WARNING, subject, "%s: waiting for it", err->text);
        (void)poll(NULL, 0, (int)(1000 * backoff_fail(&backoff)));
    }
}

static int make_intake(struct archive *archive, const struct schema_set *schemas,
                       struct intake **ret, struct gw_error *err)
{
    int r = intake_new(archive, schemas, ret);
    return r == 0 ? 0 : gw_fail(err, r, "intake: out of memory");
}

static int make_requester(struct receiver *rc, const struct options *o,
                          struct gw_error *err)
{
    int first_s = o->ask_s ? o->ask_s : ASK_DEFAULT_S;
    struct asking_pace pace = {first_s * INT64_C(1000000), ASK_MAX_S * INT64_C(1000000)};
    int r = signer_new(o->command_key, &rc->signer, err);
    if (r < 0)
        return r;
    r = requester_new(rc->archive, rc->signer, &pace, &rc->requester);
    return r == 0 ? 0 : gw_fail(err, r, "requests: out of memory");
}

static int run(const struct options *o)
{
    struct gw_error err;
    struct receiver rc = {0};
    int r = o->ask_s && !o->command_key
                ? gw_fail(&err, -EINVAL,
                          "--ask-after needs --command-key: without a key "
                          "nothing is asked for")
                : schema_set_new(o->schemas, &rc.schemas, &err);
    if (r == 0)
        r = open_archive(o->database, &rc.archive, &err);
    if (r == 0)
        r = make_intake(rc.archive, rc.schemas, &rc.intake, &err);
    if (r == 0 && o->command_key)
        r = make_requester(&rc, o, &err);
    if (r == 0 && o->metrics)
        r = metrics_open(o->metrics, rc.intake, rc.requester, rc.archive, &rc.metrics,
                         &err);
    if (r == 0 && o->http.address)
        r = batches_open(&o->http, rc.intake, &rc.batches, &err);
    if (r == 0 && o->source.url)
        r = feed_new(&o->source, rc.intake, &rc.feed, &err);
    if (r == 0)
        r = receive(&rc, o->stats_s, &err);
    feed_free(rc.feed);
    batches_close(rc.batches);
    metrics_close(rc.metrics);
    requester_free(rc.requester);
    signer_free(rc.signer);
    intake_free(rc.intake);
    archive_close(rc.archive);
    schema_set_free(rc.schemas);
    return r < 0 ? complain(&err) : 0;
}

static int refuse(void)
{
    (void)fputs(usage, stderr);
    return 2;
}

static const char **http_text_of(struct batches_setup *http, int option)
{
    switch (option) {
    case 'H':
        return &http->address;
    case 'C':
        return &http->certificate;
    case 'K':
        return &http->key;
    case 'A':
        return &http->ca;
    case 'N':
        return &http->name_header;
    case 'D':
        return &http->division;
    default:
        return NULL;
    }
}

/* Where the text of an option goes; NULL: it has none. */
static const char **text_of(struct options *o, int option)
{
    switch (option) {
    case 'b':
        return &o->source.url;
    case 'a':
        return &o->source.ca;
    case 'c':
        return &o->source.certificate;
    case 'k':
        return &o->source.key;
    case 'u':
        return &o->source.user;
    case 'p':
        return &o->source.password_file;
    case 'd':
        return &o->database;
    case 's':
        return &o->schemas;
    case 'i':
        return &o->source.name;
    case 'm':
        return &o->metrics;
    case 'v':
        return &o->validate;
    case 'y':
        return &o->command_key;
    case 'n':
        return &o->new_key;
    case 'w':
        return &o->shown_key;
    default:
        return http_text_of(&o->http, option);
    }
}

/* returns 0, or -EINVAL for what the usage does not know */
static int read_options(int argc, char *argv[], struct options *o)
{
    for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
        const char **text = text_of(o, option);
        if (text)
            *text = optarg;
        else if (option == 'g')
            o->only_gaps = true;
        else if (option == 'e')
            o->stats_s = read_number(optarg, 0, STATS_MAX_S);
        else if (option == 'f')
            o->ask_s = read_number(optarg, 1, ASK_MAX_S);
        else
            return -EINVAL;
    }
    return o->stats_s >= 0 && o->ask_s >= 0 ? 0 : -EINVAL;
}

/* returns the exit status, -1: the usage is to be shown */
static int run_command(int argc, char *argv[])
{
    if (strcmp(argv[0], "check") == 0)
        return check_command(argc, argv);
    if (strcmp(argv[0], "evidence") == 0 || strcmp(argv[0], "verify") == 0)
        return evidence_command(argc, argv);
    return -1;
}

int main(int argc, char *argv[])
{
    struct options o = {.source.name = "campus-county", .stats_s = STATS_DEFAULT_S};
    if (argc > 1 && argv[1][0] != '-') {
        int status = run_command(argc - 1, argv + 1);
        return status < 0 ? refuse() : status;
    }
    if (read_options(argc, argv, &o) < 0)
        return refuse();
    (void)signal(SIGPIPE, SIG_IGN); /* a lost broker is an error code, not an end */
    if (o.validate)
        return optind < argc ? validate(o.validate, argv + optind, argc - optind)
                             : refuse();
    if (o.new_key)
        return optind == argc ? make_key(o.new_key) : refuse();
    if (o.shown_key)
        return optind == argc ? show_key(o.shown_key) : refuse();
    if (o.only_gaps)
        return o.database ? print_gaps(o.database) : refuse();
    bool is_stray = !o.http.address
                    && (o.http.certificate || o.http.key || o.http.ca
                        || o.http.name_header || o.http.division);
    bool has_source = !is_stray && (o.source.url || (o.http.address && !o.command_key));
    return has_source && o.database && o.schemas && optind == argc ? run(&o) : refuse();
}
