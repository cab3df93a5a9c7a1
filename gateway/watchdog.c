#include "watchdog.h"

#include <systemd/sd-daemon.h>

#include "base/worker.h"

void watchdog_feed(struct gw_complaint *hung)
{
    const char *late = worker_late();
    if (late) {
        gw_complain(hung, (struct gw_subject){"WORKER", late},
                    "hangs; the watchdog is no longer fed");
        return;
    }
    gw_relieve(hung, (struct gw_subject){"APP", "gateway"},
               "every worker moves; the watchdog is fed again");
    (void)sd_notify(0, "WATCHDOG=1"); /* without systemd nobody listens */
}
