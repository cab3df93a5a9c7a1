/* lane.h - the slow lane: a worker that serves suspended requests one after the other,
 * so that a long history query never stands before the guard's acknowledge. */
#ifndef HTTP_LANE_H
#define HTTP_LANE_H

#include <stdbool.h>

struct lane;
struct request;

enum { LANE_LENGTH_MAX = 16 };

int lane_new(struct lane **ret);

/* lane_close - serves what waits, takes no more; before the daemons stop.
 * lane_free - after they did; NULL is a no-op; returns NULL. */
void lane_close(struct lane *l);
struct lane *lane_free(struct lane *l);

/* lane_take - suspends @request's connection; its reply is complete when it resumes: the
 * resource's, or a 503 when the lane is full.  Thread: the connection's. */
void lane_take(struct lane *l, struct request *request);

/* lane_again - suspends @request's connection for another turn of @request->again, behind
 * what waits already.  Thread: the connection's, in its content reader.
 * returns false: the lane is closing, and the reader is called again at once */
bool lane_again(struct lane *l, struct request *request);

#endif
