/* order.h - a request that waits, its connection suspended, until what it orders is done
 * and kept: no other request of its listener waits with it.
 *
 *     const struct outcome_to to = order_begin(request, finish);
 *     order_given(request, ops->operate(ops->ctx, &command, &to, &err), &err);
 *
 * Thread: the connection's.
 */
#ifndef HTTP_ORDER_H
#define HTTP_ORDER_H

#include "http/resource.h"

/* order_begin - suspends the connection; what is returned is for whoever does the order.
 * finish  fills the reply from request->outcome, on the connection's thread */
struct outcome_to order_begin(struct request *request,
                              void (*finish)(struct request *request,
                                             struct reply *reply));

/* order_given - @r is 0, or -errno and @err: nobody took it.  @request is not to be
 * touched any more. */
void order_given(struct request *request, int r, const struct gw_error *err);

/* order_finish - of a connection that was resumed: its reply; nothing for others. */
void order_finish(struct request *request);

/* order_refused - true, and a problem in @reply: it was not done. */
bool order_refused(struct request *request, struct reply *reply);

/* order_answer - what whoever did it answers; JSON's null where that is nothing. */
json_t *order_answer(const struct request *request);

/* order_kept - @answer, with whether the disk has it, and why not. */
json_t *order_kept(const struct request *request, json_t *answer);

#endif
