/* county.h - the outbox to the county platform: birth, state, windows, ranges.
 *
 * Own thread (DNS and TLS block).  Only the platform's ranges end a row's sending;
 * what is unanswered is sent again after a time that doubles.
 */
#ifndef UPLINK_COUNTY_H
#define UPLINK_COUNTY_H

#include "config/config.h"
#include "config/diff.h"
#include "gw/campus.h"
#include "gw/error.h"
#include "gw/record.h"
#include "store/store.h"
#include "uplink/county_order.h"
#include "uplink/evidence_key.h"

struct county;
struct mapping;

enum county_acknowledge { COUNTY_BY_PLATFORM, COUNTY_BY_BROKER };

struct county_telemetry {
    struct gw_strings points; /* globs over point names */
    int64_t every_us;         /* 0 = each reading */
    bool is_on;
};

/* county_batch - the way without a broker.
 * url       https://host[:port][/path]; NULL = none
 * after_us  of a session that does nothing, until batches go */
struct county_batch {
    const char *url;
    int64_t after_us;
};

/* county_config - gateway.yaml's sections "county", "gateway", "school". */
struct county_config {
    const char *broker; /* mqtt:// or mqtts://host:port; NULL = none */
    const char *ca, *certificate, *key;
    const char *user, *password_file;
    int acknowledge;       /* enum county_acknowledge */
    uint32_t window;       /* rows in flight, 1..100 */
    int64_t resend_us;     /* first wait for a range, doubles */
    int64_t heartbeat_us;  /* 5 min */
    uint32_t backlog_rate; /* rows a second from before the connection */
    struct county_batch batch;
    const struct config_node *batch_node; /* as it was written */
    struct county_telemetry telemetry;
    const struct config_node *telemetry_node; /* as it was written */
    struct county_keys command_keys;          /* none: nobody may order */
    const struct config_node *command_keys_node;
    const char *mapping_name; /* NULL: the platform speaks the contract */
    const struct mapping *mapping;
    const struct config_node *mapping_node;  /* its file */
    const struct config_node *platform_node; /* what its names stand for */
    const char *gateway, *school, *division, *title;
    int stage; /* enum gw_stage */
};

/* county_load - reads the three sections.  Faults are added. */
void county_load(const struct config *config, struct config_faults *faults,
                 struct county_config *ret);
void county_print_options(FILE *out);

/* county_is_on - there is a way to the county. */
bool county_is_on(const struct county_config *config);

/* county_diff - a row for each of the three sections that says something else. */
void county_diff(const struct county_config *before, const struct county_config *after,
                 struct config_diff *diff);

/* county_encode - the body of one outbox row (store_ops.encode); NULL = not for the
 * county.
 * @ctx: struct county_encoder. */
struct county_encoder;
int county_encoder_new(const struct county_config *config, const struct config *tree,
                       const struct gw_campus *campus, struct county_encoder **ret);
struct county_encoder *county_encoder_free(struct county_encoder *e);
/* county_encoder_point - the encoder's name of a point id; before store_run(). */
int county_encoder_point(struct county_encoder *e, uint32_t id, const char *name,
                         const char *unit);
char *county_encode(void *encoder, const struct gw_record *record, uint64_t epoch,
                    uint64_t seq, int *ret_priority);
/* county_encode_dropped - store_ops.encode_dropped; NULL = the time is not known. */
char *county_encode_dropped(void *encoder, const struct store_dropped *dropped,
                            uint64_t epoch, uint64_t seq);

/* county_encoder_key - @key (borrowed) signs; NULL, as at first: no file of evidence.
 * county_seal - the body of a month's (store_ops.seal). */
void county_encoder_key(struct county_encoder *e, const struct evidence_key *key);
char *county_seal(void *encoder, const struct evidence_month *month, uint64_t epoch,
                  uint64_t seq, struct evidence_file *ret);

/* county_credentials - of CA, certificate and key as they lie there.
 * end_us  when the first of them ends; 0 = there is nothing that ends
 * file    which one
 * fault   what is wrong with what lies there now; "" = it fits */
struct county_credentials {
    int64_t end_us;
    char file[256];
    char fault[400];
};

/* county_status
 * is_connected  the broker's session is there, or the last batch was taken
 * is_contested  somebody else seems to connect with our client id; also while connected,
 *               and fault says so
 * way           "mqtt" or "https": how rows go now */
struct county_status {
    bool is_connected;
    bool is_contested;
    const char *way;
    uint64_t sent;
    uint64_t resent;
    uint64_t acknowledged; /* rows ended by an answer since the start */
    uint64_t left_out;     /* rows that the mapping has not for this platform */
    uint64_t refused;      /* rows that the platform never takes */
    uint64_t in_flight;
    char fault[240];
    struct county_credentials credentials;
};

/* county_birth - the data of the birth message: software, configuration, devices,
 * points, the public half of @key.
 * key      NULL: there is none
 * returns  NULL when out of memory.  Owner: caller; free() */
char *county_birth(const struct county_config *config, const struct config *tree,
                   const struct evidence_key *key);

/* county_given - an order on its way to whoever does it, and back.
 * why   what became of it, and err in words: also of one that is obeyed, when it is not
 *       on the disk */
struct county_given {
    struct county_order order;
    enum order_refusal why;
    struct gw_error err;
    void *ctx; /* of whoever does it */
    struct county_given *next;
};

/* county_setup - all borrowed for life.
 * birth   as county_birth() wrote it
 * order   has @given done, and then hands it back by county_done(); or returns -errno.
 *         Never blocks */
struct county_setup {
    const struct county_config *config;
    const char *store_path;
    struct store *store;
    const char *birth;
    void *ctx;
    int (*order)(void *ctx, struct county_given *given, struct gw_error *err);
};

/* county_start - Owner: caller; county_stop() */
int county_start(const struct county_setup *setup, struct county **ret,
                 struct gw_error *err);

/* county_stop - publishes "offline", disconnects, joins; returns NULL. */
struct county *county_stop(struct county *c);

/* county_appended - new rows are committed.  Thread: any, never blocks. */
void county_appended(struct county *c);

/* county_recalled - rows were put back, and that is committed.  county_done - takes
 * @given over, from malloc.  Thread: any, never block. */
void county_recalled(struct county *c);
void county_done(struct county *c, struct county_given *given);
void county_status(struct county *c, struct county_status *ret);

#endif
