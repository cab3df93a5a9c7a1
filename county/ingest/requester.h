/* requester.h - asks the gateways for what is missing of their rows.
 *
 * The state is the archive's, so that receivers side by side ask once and a restart
 * begins nothing anew: it is judged and kept under the gateway's lock, and the command
 * leaves after the commit.  One that is lost on its way is asked again when its wait is
 * over. Thread: one owner, the archive's.
 */
#ifndef INGEST_REQUESTER_H
#define INGEST_REQUESTER_H

#include "ingest/asking.h"
#include "ingest/feed.h"
#include "ingest/signer.h"

struct requester;

/* requester_new - @archive and @signer are borrowed for life.
 * Owner: caller; requester_free() */
int requester_new(struct archive *archive, const struct signer *signer,
                  const struct asking_pace *pace, struct requester **ret);
struct requester *requester_free(struct requester *rq);

/* requester_turn - asks what is due, through @feed while its broker is there.  A fault is
 * told and tried again later. */
void requester_turn(struct requester *rq, struct feed *feed);

/* requester_commands - sent since the start. */
uint64_t requester_commands(const struct requester *rq);

#endif
