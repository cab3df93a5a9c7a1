/* lock.h - the database's file is one process's: a gateway's, or of who copies or
 * replaces it while no gateway runs.  Thread: any. */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include "gw/error.h"

/* lock_take - "<path>.lock", made where it is not there.
 * returns 0 and a descriptor that holds it until it is closed; -EADDRINUSE: somebody else
 *         has it; or -errno */
int lock_take(const char *path, int *ret_fd, struct gw_error *err);

#endif
