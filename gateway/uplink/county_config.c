#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "gw/broker.h"
#include "gw/host.h"
#include "uplink/batch_config.h"
#include "uplink/command_keys.h"
#include "uplink/county.h"
#include "uplink/mapping.h"
#include "uplink/credentials.h"

enum {
    DIVISION_DIGITS = 6,
    SCHOOL_DIGITS = 10,
    WINDOW_MAX = 100,
    PEM_LOOK_BYTES = 16384
};

#define SOON_US (INT64_C(30) * 86400 * 1000000)

static const char *const acknowledge_choices[] = {"platform", "broker", NULL};
static const char *const stage_choices[] = {"primary", "junior", "senior", NULL};

/* The type digits of a school's code (学校标识码): 2 type + 2 province + 6 serial. */
static const char *const school_types[] = {
    "11", "21", "31", "32", "34", "36", "37", "51", NULL,
};
static const char province[] = "53";

#define COUNTY(field) offsetof(struct county_config, field)

static const struct gw_option county_options[] = {
    {"broker", GW_OPT_STRING, COUNTY(broker), false, 0, 0, NULL, NULL,
     "mqtt://host:port or mqtts://host:port; left out: batches alone, or no county"},
    {"ca", GW_OPT_FILE, COUNTY(ca), false, 0, 0, NULL, NULL,
     "file with the county's own CA, the only one trusted; needed for mqtts"},
    {"certificate", GW_OPT_FILE, COUNTY(certificate), false, 0, 0, NULL, NULL,
     "file with this gateway's certificate"},
    {"key", GW_OPT_FILE, COUNTY(key), false, 0, 0, NULL, NULL,
     "file with its private key, mode 0600"},
    {"user", GW_OPT_STRING, COUNTY(user), false, 0, 0, NULL, NULL,
     "user name, where the broker asks for one"},
    {"password_file", GW_OPT_FILE, COUNTY(password_file), false, 0, 0, NULL, NULL,
     "file with the password, mode 0600"},
    {"acknowledge", GW_OPT_ENUM, COUNTY(acknowledge), false, 0, 0, acknowledge_choices,
     "platform", "who ends a row: the platform's answer, or the broker's PUBACK"},
    {"window", GW_OPT_UINT, COUNTY(window), false, 1, WINDOW_MAX, NULL, "20",
     "rows on the way to the broker at a time"},
    {"resend", GW_OPT_DURATION, COUNTY(resend_us), false, 1e6, 600e6, NULL, "10s",
     "first wait for an answer; doubles up to 10min"},
    {"heartbeat", GW_OPT_DURATION, COUNTY(heartbeat_us), false, 10e6, 3600e6, NULL,
     "5min", "state is told at least so often"},
    {"backlog_rate", GW_OPT_UINT, COUNTY(backlog_rate), false, 1, 10000, NULL, "500",
     "rows a second at most from before the connection"},
    {"batch", GW_OPT_NODE, COUNTY(batch_node), false, 0, 0, NULL, NULL,
     "a way by HTTPS, see below; left out: none"},
    {"telemetry", GW_OPT_NODE, COUNTY(telemetry_node), false, 0, 0, NULL, NULL,
     "readings as rows, see below; left out: none"},
    {"command_keys", GW_OPT_NODE, COUNTY(command_keys_node), false, 0, 0, NULL, NULL,
     "name: public key (Ed25519, 32 bytes as base64) of who may order; left out: nobody"},
    {"mapping", GW_OPT_ID, COUNTY(mapping_name), false, 0, 0, NULL, NULL,
     "mappings.d/NAME.yaml or mappings/NAME.yaml: a platform with a format of its own"},
    {"platform", GW_OPT_NODE, COUNTY(platform_node), false, 0, 0, NULL, NULL,
     "name: text, of each name that the mapping wants"},
    {0},
};

/* The file behind county.mapping, for what a reload changes. */
static const struct gw_option mapping_options[] = {
    {"mapping", GW_OPT_NODE, COUNTY(mapping_node), false, 0, 0, NULL, NULL, NULL},
    {0},
};

#define TELEMETRY(field) offsetof(struct county_telemetry, field)
#define TELEMETRY_POINTS                                                        \
    {                                                                           \
        "points", GW_OPT_STRINGS, TELEMETRY(points), true, 1, 1000, NULL, NULL, \
            "globs over point names, such as b1-*/co2"                          \
    }

static const struct gw_option telemetry_options[] = {
    TELEMETRY_POINTS,
    {"every", GW_OPT_DURATION, TELEMETRY(every_us), false, 1e6, 86400e6, NULL, "1min",
     "at most one row a point and period; or 'reading': each one is a row"},
    {0},
};

/* The same with `every: reading`. */
static const char *const every_choices[] = {"reading", NULL};
struct telemetry_of_each {
    struct county_telemetry telemetry;
    int every;
};
static const struct gw_option telemetry_of_each_options[] = {
    TELEMETRY_POINTS,
    {"every", GW_OPT_ENUM, offsetof(struct telemetry_of_each, every), true, 0, 0,
     every_choices, NULL, "each reading is a row"},
    {0},
};

static const struct gw_option gateway_options[] = {
    {"id", GW_OPT_ID, COUNTY(gateway), true, 0, 0, NULL, NULL,
     "this gateway's id within the school"},
    {0},
};

static const struct gw_option school_options[] = {
    {"code", GW_OPT_STRING, COUNTY(school), true, 0, 0, NULL, NULL,
     "the school's code, 10 digits: type, 53 for Yunnan, serial"},
    {"division", GW_OPT_STRING, COUNTY(division), true, 0, 0, NULL, NULL,
     "administrative division, 6 digits"},
    {"title", GW_OPT_STRING, COUNTY(title), false, 0, 0, NULL, NULL, "the school's name"},
    {"stage", GW_OPT_ENUM, COUNTY(stage), false, 0, 0, stage_choices, "primary",
     "primary, junior or senior"},
    {0},
};

/* The sections of gateway.yaml that belong to the uplink. */
static const struct {
    const char *name;
    const struct gw_option *options;
    bool is_required;
} sections[] = {
    {"county", county_options, false},
    {"gateway", gateway_options, true},
    {"school", school_options, true},
};

static bool are_digits(const char *text, size_t count)
{
    return strlen(text) == count && strspn(text, "0123456789") == count;
}

static bool is_school_code(const char *code)
{
    if (!are_digits(code, SCHOOL_DIGITS) || strncmp(code + 2, province, 2) != 0)
        return false;
    for (size_t i = 0; school_types[i]; i++)
        if (strncmp(code, school_types[i], 2) == 0)
            return true;
    return false;
}

static void check_school(const struct config_node *node, struct config_faults *faults,
                         const struct county_config *c)
{
    if (c->school && !is_school_code(c->school))
        config_fault(
            faults, config_where(config_child(node, "code")), "school.code",
            "'%s' is no school code (10 digits: type 11 21 31 32 34 36 37 or 51, "
            "then 53, then six)",
            c->school);
    if (c->division && !are_digits(c->division, DIVISION_DIGITS))
        config_fault(faults, config_where(config_child(node, "division")),
                     "school.division", "'%s' is no division code (six digits)",
                     c->division);
    else if (c->division && c->school && is_school_code(c->school)
             && strncmp(c->division, province, 2) != 0)
        config_warning(faults, config_where(config_child(node, "division")),
                       "school.division",
                       "'%s' is not in province %s, as the school's code says (wanted: "
                       "the division of the school; are digits exchanged?)",
                       c->division, province);
}

/* has_text - in the first bytes of a file, where a certificate or key has its head; text
 * that a tool has written before it is shorter. */
static bool has_text(const char *path, const char *text)
{
    char bytes[PEM_LOOK_BYTES + 1];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, bytes, PEM_LOOK_BYTES);
    if (fd >= 0)
        close(fd);
    bytes[n > 0 ? n : 0] = '\0';
    bool has = strstr(bytes, text) != NULL;
    explicit_bzero(bytes, sizeof(bytes));
    return has;
}

static bool others_may_read(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && st.st_mode & S_IRWXO;
}

/* check_content - what TLS, or the reading of the password, would refuse.
 * returns false and adds a fault */
static bool check_content(struct config_mark where, struct config_faults *faults,
                          const char *key, const char *file, const char *head)
{
    bool is_pem = !head || has_text(file, head);
    bool is_secret = head || !others_may_read(file);
    if (!is_pem)
        config_fault(faults, where, key,
                     "'%s' has no line with '%s' (allowed: a file in PEM form)", file,
                     head);
    if (!is_secret)
        config_fault(faults, where, key,
                     "'%s' may be read by others, and is not used then (allowed: mode "
                     "0600)",
                     file);
    return is_pem && is_secret;
}

/* Warnings only: what does not fit, or has ended, costs the way to the county and not the
 * guarding of the school; and a renewal puts it right without a reload. */
static void check_credentials(const struct config_node *node,
                              struct config_faults *faults, const struct county_config *c)
{
    const char *const files[CREDENTIALS] = {c->ca, c->certificate, c->key};
    struct credentials *read = NULL;
    enum credential which;
    struct gw_error err;
    int r = credentials_read(files, &read, &which, &err);
    int64_t end_us = r == 0 ? credentials_end_us(read, &which) : INT64_MAX;
    (void)credentials_free(read);
    char key[32];
    char end[CLOCK_TEXT_MAX];
    (void)snprintf(key, sizeof(key), "county.%s", credential_name(which));
    struct config_mark where = config_where(config_child(node, credential_name(which)));
    if (r < 0)
        config_warning(faults, where, key, "%s", err.text);
    if (!clock_school_is_known() || end_us - clock_school_us() > SOON_US)
        return;
    clock_format(end_us, 0, end);
    end[strcspn(end, "T")] = '\0';
    config_warning(faults, where, key,
                   "'%s' ends on %s (wanted: a renewed one in its place)", files[which],
                   end);
}

/* A warning only: a check may run as another user than the daemon. */
static void check_files(const struct config_node *node, struct config_faults *faults,
                        const struct county_config *c)
{
    static const char certificate[] = "CERTIFICATE-----";
    static const char key[] = "PRIVATE KEY-----";
    const struct {
        const char *key;
        const char *path;
        const char *head; /* NULL = a password's */
    } files[] = {
        {"ca", c->ca, certificate},
        {"certificate", c->certificate, certificate},
        {"key", c->key, key},
        {"password_file", c->password_file, NULL},
    };
    bool are_fine = true;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct config_mark where = config_where(config_child(node, files[i].key));
        char path[32];
        (void)snprintf(path, sizeof(path), "county.%s", files[i].key);
        bool is_there = !files[i].path || access(files[i].path, R_OK) == 0;
        if (!is_there)
            config_warning(faults, where, path, "'%s': %s", files[i].path,
                           strerror(errno));
        bool is_fine =
            is_there
            && (!files[i].path
                || check_content(where, faults, path, files[i].path, files[i].head));
        are_fine = are_fine && is_fine;
    }
    if (c->ca && are_fine)
        check_credentials(node, faults, c);
}

/* Who wrote these wants encryption, and would not get it. */
static void check_plain(const struct config_node *node, struct config_faults *faults,
                        const struct county_config *c, const struct gw_broker *broker)
{
    const struct {
        const char *key;
        const char *path;
    } unused[] = {{"ca", c->ca}, {"certificate", c->certificate}, {"key", c->key}};
    bool is_meant = true;
    if (batch_config_is_tls(&c->batch))
        return; /* the certificates are for the batches; with an address, see above */
    for (size_t i = 0; i < sizeof(unused) / sizeof(unused[0]); i++) {
        char path[32];
        if (!unused[i].path)
            continue;
        is_meant = false;
        (void)snprintf(path, sizeof(path), "county.%s", unused[i].key);
        config_fault(faults, config_where(config_child(node, unused[i].key)), path,
                     "is for mqtts, and goes unused with '%s' (allowed: mqtts://, or "
                     "without '%s')",
                     c->broker, unused[i].key);
    }
    if (is_meant && !gw_host_is_here(broker->host))
        config_warning(faults, config_where(config_child(node, "broker")),
                       "county.broker",
                       "'%s' is without encryption: whoever is on the way can read and "
                       "change what leaves, the password too (wanted: mqtts://)",
                       c->broker);
}

static void check_broker(const struct config_node *node, struct config_faults *faults,
                         const struct county_config *c)
{
    struct gw_broker broker;
    struct gw_error err;
    if (gw_broker_read(c->broker, GW_BROKER_ANY, &broker, &err) < 0)
        config_fault(faults, config_where(config_child(node, "broker")), "county.broker",
                     "%s", err.text);
    else if (!broker.is_tls)
        check_plain(node, faults, c, &broker);
    else if (!c->ca)
        config_fault(faults, config_where(node), "county.ca",
                     "missing (mqtts needs the county's own CA)");
}

static void check_county(const struct config_node *node, struct config_faults *faults,
                         const struct county_config *c)
{
    if (c->broker)
        check_broker(node, faults, c);
    batch_config_check(node, faults, c);
    if (!c->certificate != !c->key)
        config_fault(faults, config_where(node), "county.certificate",
                     "certificate and key belong together (give both or neither)");
    if (!c->user && c->password_file)
        config_fault(faults, config_where(node), "county.user",
                     "missing (password_file needs a user)");
}

/* What a mapping leaves out may be meant, or forgotten. */
static void doubt_mapping(struct config_faults *faults, const struct config_node *node,
                          const struct county_config *c)
{
    if (mapping_keeps_others(c->mapping))
        return;
    if (!mapping_knows(c->mapping, "alarm"))
        config_warning(faults, config_where(config_child(node, "mapping")),
                       "county.mapping",
                       "has no alarm: none reaches the county (wanted: kinds.alarm)");
    if (c->telemetry.is_on && !mapping_knows(c->mapping, "telemetry"))
        config_warning(faults, config_where(c->telemetry_node), "county.telemetry",
                       "makes rows for which the mapping has no place (wanted: "
                       "kinds.telemetry in it, or no telemetry)");
}

/* What goes with a mapping, and what does not. */
static void load_mapping(struct config_source *src, const struct config *config,
                         const struct config_node *node, struct county_config *c)
{
    const struct config_node *name = config_child(node, "mapping");
    c->mapping_node = config->mapping;
    c->mapping = mapping_load(src, config, c);
    bool is_answered = c->mapping && mapping_answer_topic(c->mapping);
    bool by_platform = c->acknowledge == COUNTY_BY_PLATFORM;
    if (c->platform_node && !c->mapping_name)
        config_fault(src->faults, config_where_key(c->platform_node), "county.platform",
                     "is for a mapping, and goes unused without county.mapping");
    if (!c->mapping)
        return;
    doubt_mapping(src->faults, node, c);
    if (by_platform && !is_answered)
        config_fault(src->faults, config_where(name), "county.mapping",
                     "has no answer, so nothing would end a row (allowed: acknowledge: "
                     "broker, or a mapping with an answer)");
    if (by_platform && mapping_keeps_others(c->mapping))
        config_fault(src->faults, config_where(name), "county.mapping",
                     "keeps others, which its answers cannot name (allowed: acknowledge: "
                     "broker, or a mapping with others: drop)");
    if (c->batch.url)
        config_fault(src->faults, config_where(config_child(node, "batch")),
                     "county.batch",
                     "carries the county's contract, and a mapping is for a broker "
                     "(allowed: one of them)");
    if (c->command_keys.count > 0)
        config_fault(src->faults, config_where(config_child(node, "command_keys")),
                     "county.command_keys",
                     "is for the county's own topics, and goes unused with a mapping");
}

static void load_telemetry(struct config_source *src, const struct config_node *node,
                           struct county_telemetry *ret)
{
    const char *every = config_scalar(config_child(node, "every"));
    struct telemetry_of_each each = {0};
    if (every && strcmp(every, every_choices[0]) == 0)
        each.telemetry.is_on = config_fill(src, node, "county.telemetry",
                                           telemetry_of_each_options, &each, NULL);
    else
        each.telemetry.is_on = config_fill(src, node, "county.telemetry",
                                           telemetry_options, &each.telemetry, NULL);
    *ret = each.telemetry;
}

void county_load(const struct config *config, struct config_faults *faults,
                 struct county_config *ret)
{
    struct config_source src = {.arena = config->arena, .faults = faults};
    *ret = (struct county_config){0};
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        const struct config_node *node = config_child(config->gateway, sections[i].name);
        if (node)
            (void)config_fill(&src, node, sections[i].name, sections[i].options, ret,
                              NULL);
        else
            config_defaults(&src, sections[i].options, ret);
        if (!node && sections[i].is_required && config->gateway)
            config_fault(faults, config_where(config->gateway), sections[i].name,
                         "the section is missing (see --print-options)");
    }
    const struct config_node *county = config_child(config->gateway, "county");
    const struct config_node *telemetry = config_child(county, "telemetry");
    if (telemetry)
        load_telemetry(&src, telemetry, &ret->telemetry);
    batch_config_load(&src, ret->batch_node, &ret->batch);
    command_keys_load(&src, ret->command_keys_node, &ret->command_keys);
    load_mapping(&src, config, county, ret);
    check_county(county, faults, ret);
    check_files(county, faults, ret);
    check_school(config_child(config->gateway, "school"), faults, ret);
}

bool county_is_on(const struct county_config *config)
{
    return config->broker || config->batch.url;
}

void county_diff(const struct county_config *before, const struct county_config *after,
                 struct config_diff *diff)
{
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
        (void)config_diff_options(diff, DIFF_SECTION, sections[i].name,
                                  sections[i].options, before, after);
    (void)config_diff_options(diff, DIFF_SECTION, "mapping", mapping_options, before,
                              after);
}

void county_print_options(FILE *out)
{
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        config_print_options(out, sections[i].name, sections[i].options, 0);
        if (i > 0)
            continue;
        batch_config_print(out);
        config_print_options(out, "telemetry", telemetry_options, 4);
    }
}
