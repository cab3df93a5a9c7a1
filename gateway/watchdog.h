/* watchdog.h - systemd's watchdog is fed only while every worker moves.  Thread: main. */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#include "gw/log.h"

/* watchdog_feed - once a second; @hung keeps what was said of a worker that hangs. */
void watchdog_feed(struct gw_complaint *hung);

#endif
