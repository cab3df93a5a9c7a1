/* bus_watch.h - a bus from which nothing comes: its cable is cut, its converter or broker
 * is gone.
 *
 * A bus is silent once every one of its points has failed, and heard again with the
 * first that has not.  Its own point `BUS/bus_state` says which, so that one cable makes
 * one alarm and not one for each of its devices.  Thread: the pipeline's.
 */
#ifndef POINTS_BUS_WATCH_H
#define POINTS_BUS_WATCH_H

#include "points/point_table.h"

enum bus_state { BUS_HEARD, BUS_SILENT };

/* bus_watch_metric - of the point that the state is told by. */
extern const char bus_watch_metric[];

struct bus_watch;

/* bus_watch_new - every bus is heard until all its points say otherwise; what the table
 * knows of them counts.  A bus without that point in the table is not told of.
 * Owner: caller; bus_watch_free() before the table */
int bus_watch_new(const struct config *config, const struct point_table *points,
                  struct bus_watch **ret);
struct bus_watch *bus_watch_free(struct bus_watch *w);

/* bus_watch_restore - before the first reading: what a bus was, @bytes of
 * bus_watch_kept().  returns 0, -ENOENT no such bus, -EINVAL */
int bus_watch_restore(struct bus_watch *w, const char *bus, const void *bytes,
                      size_t size);

/* bus_watch_take_over - instead: as @old says, and by what the table knows by now. */
void bus_watch_take_over(struct bus_watch *w, const struct bus_watch *old);

/* bus_watch_reading - a point of a device is now as @reading says.
 * returns true and *ret_bus when that makes its bus silent, or heard again */
bool bus_watch_reading(struct bus_watch *w, const struct gw_reading *reading,
                       size_t *ret_bus);

/* bus_watch_told - the reading that tells the state of @bus; false = it has no point. */
bool bus_watch_told(const struct bus_watch *w, size_t bus, int64_t time_us,
                    struct gw_reading *ret);

/* bus_watch_kept - the state of @bus to keep; good until it changes. */
struct gw_state bus_watch_kept(const struct bus_watch *w, size_t bus);

#endif
