/* batches.h - gateways that come by HTTPS: a batch in, its ranges out.
 *
 * POST /campus/v1/{division}/{school}/{gateway}/batch, a JSON array of CloudEvents.  Goes
 * through the intake as what a broker brings, and is answered after its commit.  Who asks
 * is known by a client's certificate, never by what it says.  Nothing runs between two
 * turns.  Thread: one owner, the intake's.
 * Source: county/openapi.yaml
 */
#ifndef INGEST_BATCHES_H
#define INGEST_BATCHES_H

#include "gw/error.h"
#include "ingest/intake.h"

struct batches;

/* batches_setup - all borrowed for life.
 * address      ADDRESS:PORT; of loopback, when TLS ends in a proxy before it
 * certificate, key  of this listener, PEM; ca: the only one of its clients.  All three,
 * or none name_header  without them: the header in which the proxy, and nobody else,
 * writes the subject of the certificate that it has verified division     what a
 * gateway's division begins with; NULL = any */
struct batches_setup {
    const char *address;
    const char *certificate;
    const char *key;
    const char *ca;
    const char *name_header;
    const char *division;
};

/* batches_open - listens; @intake is borrowed for life, and empty between two turns.
 * Owner: caller; batches_close() */
int batches_open(const struct batches_setup *setup, struct intake *intake,
                 struct batches **ret, struct gw_error *err);
struct batches *batches_close(struct batches *b);

/* batches_fd - readable when a turn has something to do; batches_wait - it has also after
 * so many ms, at most @most_ms. */
int batches_fd(const struct batches *b);
int batches_wait(const struct batches *b, int most_ms);
void batches_turn(struct batches *b);

#endif
