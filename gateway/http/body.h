/* body.h - a request's body as an object of known keys.  Thread: any. */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "http/resource.h"

/* body_object - @fields, NULL-terminated, are all the keys it may have; no body is {}.
 * returns the object, or NULL and the problem in @reply.  Owner: caller; json_decref() */
json_t *body_object(const struct request *request, const char *const *fields,
                    struct reply *reply);

/* body_renamed - the same, after @rename made of other names for keys those of @fields.
 * told  the names that are allowed, as they are told: @fields, or all of them Chinese;
 * one that @rename left there is said by both */
json_t *body_renamed(const struct request *request, const char *const *fields,
                     const char *const *told, void (*rename)(json_t *body),
                     struct reply *reply);

/* body_text - body[key] of one line into @ret, "" when absent.  false: @reply says why.
 */
bool body_text(const json_t *body, const char *key, char *ret, size_t size,
               struct reply *reply);

/* body_actor - who does it: the peer's name on the Unix socket, whatever "by" says.
 * false: @reply says that it is missing */
bool body_actor(const struct request *request, const json_t *body, char ret[GW_ACTOR_MAX],
                struct reply *reply);

/* body_refused - what the pipeline's -errno is over HTTP. */
void body_refused(int r, const struct gw_error *err, struct reply *reply);

#endif
