/* body.h - a request's body as an object of known keys.  Thread: any. */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "http/resource.h"

/* body_object - @fields, NULL-terminated, are all the keys it may have; no body is {}.
 * returns the object, or NULL and the problem in @reply.  Owner: caller; json_decref() */
json_t *body_object(const struct request *request, const char *const *fields,
                    struct reply *reply);

#endif
