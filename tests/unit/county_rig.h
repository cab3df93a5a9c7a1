/* county_rig.h - the uplink with its real neighbours: store, mosquitto, receiver. */
#ifndef TESTS_COUNTY_RIG_H
#define TESTS_COUNTY_RIG_H

#include "store_rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "ingest/archive.h"
#include "ingest/feed.h"
#include "uplink/county.h"

enum { POINT = 7 };

static const int64_t patience_us = INT64_C(30000000);

/* Everything between a record and the county's file. */
struct path {
    struct rig *rig;
    struct county_config config;
    char broker_url[64];
    char broker_config[96];
    char archive_path[96];
    char certificate[96]; /* its own CA */
    char key[96];
    char tls_url[64];
    int port;
    int tls_port;
    pid_t broker;
    struct county_encoder *encoder;
    _Atomic(struct county *) county;
    struct schema_set *schemas;
    struct archive *archive;
    struct intake *intake;
    char receiver_url[64];
    struct feed_source source;
    struct feed *receiver;
    uint64_t made; /* records handed to the store */
    int (*order)(void *ctx, struct county_given *given, struct gw_error *err);
};

static inline int free_port(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static inline bool port_is_open(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)port)};
    int r = connect(fd, (struct sockaddr *)&address, sizeof(address));
    close(fd);
    return r == 0;
}

static inline void start_broker(struct path *p)
{
    p->broker = fork();
    assert_true(p->broker >= 0);
    if (p->broker == 0) {
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        (void)dup2(null, STDOUT_FILENO);
        (void)dup2(null, STDERR_FILENO);
        (void)setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
        execlp("mosquitto", "mosquitto", "-c", p->broker_config, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 500 && !port_is_open(p->port); i++)
        (void)poll(NULL, 0, 10);
    assert_true(port_is_open(p->port));
}

static inline void stop_broker(struct path *p)
{
    if (p->broker <= 0)
        return;
    (void)kill(p->broker, SIGTERM);
    (void)waitpid(p->broker, NULL, 0);
    p->broker = 0;
}

/* Runs a program quietly and waits for it. */
static inline void run_program(const char *const *arguments)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        (void)dup2(null, STDERR_FILENO);
        execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static inline void make_certificate(const char *certificate, const char *key)
{
    const char *const command[] = {"openssl",
                                   "req",
                                   "-x509",
                                   "-newkey",
                                   "ec",
                                   "-pkeyopt",
                                   "ec_paramgen_curve:prime256v1",
                                   "-nodes",
                                   "-days",
                                   "2",
                                   "-subj",
                                   "/CN=127.0.0.1",
                                   "-addext",
                                   "subjectAltName=IP:127.0.0.1",
                                   "-keyout",
                                   key,
                                   "-out",
                                   certificate,
                                   NULL};
    run_program(command);
}

/* The broker listens with TLS too, for clients with a certificate only. */
static inline void add_tls(struct path *p)
{
    p->tls_port = free_port();
    (void)snprintf(p->tls_url, sizeof(p->tls_url), "mqtts://127.0.0.1:%d", p->tls_port);
    (void)snprintf(p->certificate, sizeof(p->certificate), "%s/cert.pem", p->rig->folder);
    (void)snprintf(p->key, sizeof(p->key), "%s/key.pem", p->rig->folder);
    make_certificate(p->certificate, p->key);
    FILE *file = fopen(p->broker_config, "ae");
    assert_non_null(file);
    (void)fprintf(file,
                  "listener %d 127.0.0.1\ncafile %s\ncertfile %s\nkeyfile %s\n"
                  "require_certificate true\n",
                  p->tls_port, p->certificate, p->certificate, p->key);
    assert_int_equal(fclose(file), 0);
    p->config.broker = p->tls_url;
    p->config.ca = p->certificate;
    p->config.certificate = p->certificate;
    p->config.key = p->key;
}

static inline void write_broker_config(struct path *p)
{
    FILE *file = fopen(p->broker_config, "we");
    assert_non_null(file);
    (void)fprintf(file,
                  "listener %d 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
                  "persistence true\npersistence_location %s/\nmax_queued_messages 0\n"
                  "user root\n",
                  p->port, p->rig->folder);
    assert_int_equal(fclose(file), 0);
}

static inline void start_receiver(struct path *p)
{
    struct gw_error err;
    (void)snprintf(p->receiver_url, sizeof(p->receiver_url), "mqtt://127.0.0.1:%d",
                   (int)p->port);
    p->source =
        (struct feed_source){.url = p->receiver_url, .name = "receiver-of-the-test"};
    if (feed_new(&p->source, p->intake, &p->receiver, &err) < 0)
        fail_msg("%s", err.text);
}

static inline void stop_receiver(struct path *p)
{
    p->receiver = feed_free(p->receiver);
}

/* One turn of the receiver, or a short wait while it is away. */
static inline void turn(struct path *p)
{
    struct gw_error err;
    if (!p->receiver)
        (void)poll(NULL, 0, 5);
    else if (feed_turn(p->receiver, -1, 5, &err) < 0)
        fail_msg("%s", err.text);
    (void)store_seal(p->rig->store, clock_machine_us());
}

static inline void wait_until(struct path *p, bool (*is_done)(struct path *p),
                              const char *what)
{
    int64_t until_us = clock_machine_us() + patience_us;
    while (!is_done(p)) {
        turn(p);
        if (clock_machine_us() > until_us)
            fail_msg("not within %d s: %s", (int)(patience_us / 1000000), what);
    }
}

static inline void on_appended(void *ctx)
{
    struct path *p = ctx;
    struct county *c = p->county;
    if (c)
        county_appended(c);
}

static inline char *on_encode(void *ctx, const struct gw_record *record, uint64_t epoch,
                              uint64_t seq, int *ret_priority)
{
    return county_encode(((struct path *)ctx)->encoder, record, epoch, seq, ret_priority);
}

static inline void on_committed(void *ctx, uint16_t bus, uint64_t ticket)
{
    (void)ctx;
    (void)bus;
    (void)ticket;
}

static inline void start_store(struct path *p)
{
    p->rig->ops = (struct store_ops){.ctx = p,
                                     .committed = on_committed,
                                     .encode = on_encode,
                                     .appended = on_appended};
    rig_open(p->rig);
    rig_run(p->rig);
}

static const char birth[] = "{\"software\":\"0.1.0\",\"config\":\"00000000000000ab\","
                            "\"devices\":[],\"points\":{}}";

static inline void start_county(struct path *p)
{
    struct gw_error err;
    struct county *c = NULL;
    const struct county_setup setup = {
        .config = &p->config,
        .store_path = p->rig->path,
        .store = p->rig->store,
        .birth = birth,
        .ctx = p,
        .order = p->order,
    };
    if (county_start(&setup, &c, &err) < 0)
        fail_msg("%s", err.text);
    p->county = c;
}

static inline void stop_county(struct path *p)
{
    struct county *c = p->county;
    p->county = NULL;
    county_stop(c);
}

static inline int path_setup(void **state)
{
    struct path *p = calloc(1, sizeof(*p));
    assert_int_equal(rig_setup((void **)&p->rig), 0);
    clock_release();
    p->rig->config.commit_interval_us = 50000;
    p->port = free_port();
    (void)snprintf(p->broker_url, sizeof(p->broker_url), "mqtt://127.0.0.1:%d", p->port);
    (void)snprintf(p->broker_config, sizeof(p->broker_config), "%s/mosquitto.conf",
                   p->rig->folder);
    (void)snprintf(p->archive_path, sizeof(p->archive_path), "%s/county.db",
                   p->rig->folder);
    p->config = (struct county_config){.broker = p->broker_url,
                                       .window = 20,
                                       .resend_us = 1000000,
                                       .heartbeat_us = INT64_C(300000000),
                                       .backlog_rate = 5000,
                                       .telemetry = {.is_on = true},
                                       .gateway = "gw-01",
                                       .school = "2153012345",
                                       .division = "530502"};
    write_broker_config(p);
    assert_int_equal(county_encoder_new(&p->config, NULL, NULL, &p->encoder), 0);
    assert_int_equal(county_encoder_point(p->encoder, POINT, "p1/serial", ""), 0);
    assert_int_equal(schema_set_new(GW_SOURCE_DIR "/county/schemas", &p->schemas, NULL),
                     0);
    assert_int_equal(archive_open(p->archive_path, &p->archive, NULL), 0);
    assert_int_equal(intake_new(p->archive, p->schemas, &p->intake), 0);
    start_store(p);
    *state = p;
    return 0;
}

static inline int path_teardown(void **state)
{
    struct path *p = *state;
    stop_county(p);
    stop_receiver(p);
    stop_broker(p);
    intake_free(p->intake);
    archive_close(p->archive);
    schema_set_free(p->schemas);
    int r = rig_teardown((void **)&p->rig);
    county_encoder_free(p->encoder);
    free(p);
    return r;
}

/* Readings with a number of their own each. */
static inline void make_readings(struct path *p, int count)
{
    for (int i = 0; i < count; i++) {
        struct gw_record record = rig_telemetry(POINT, (double)++p->made);
        record.reading.time_us = clock_school_us();
        store_add(p->rig->store, &record);
    }
}

static inline void make_alarm(struct path *p)
{
    struct gw_record record =
        rig_transition(++p->made, "TF-01", "panic-gate", clock_school_us());
    record.transition.severity = GW_P1;
    store_add(p->rig->store, &record);
}

#define PATH_TEST(test) cmocka_unit_test_setup_teardown(test, path_setup, path_teardown)

#endif
