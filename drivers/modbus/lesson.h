/* lesson.h - what a device has taught of one of its points, and how long that holds.
 *
 * What it refuses is asked again after 30 s, then after twice as long each time, up to
 * ten minutes: a model that lacks a register costs next to nothing, and one that was
 * wrong for a minute is read a minute later.  Thread: the bus.
 */
#ifndef MODBUS_LESSON_H
#define MODBUS_LESSON_H

#include <stdbool.h>
#include <stdint.h>

#define LESSON_REST_US (INT64_C(30) * 1000000)
#define LESSON_REST_MOST_US (INT64_C(600) * 1000000)

/* modbus_lesson - plain; kept while the bus closes and opens again.
 * starts_request  a request over this point and the one before was refused
 * exception       of the last answer, 0 = it had a value
 * rest_us         how long a refusal rests this time; 0 = it is none
 * again_us        until then; machine time */
struct modbus_lesson {
    bool starts_request;
    int exception;
    int64_t rest_us;
    int64_t again_us;
};

/* lesson_learn - the point was answered at @now_us, with @exception or 0. */
void lesson_learn(struct modbus_lesson *lesson, int exception, int64_t now_us);

/* lesson_rests - it was refused and is not asked yet. */
bool lesson_rests(const struct modbus_lesson *lesson, int64_t now_us);

/* lesson_hasten - what is refused rests no longer than until @again_us; lesson_renew -
 * the same, and after another refusal for the shortest time again. */
void lesson_hasten(struct modbus_lesson *lesson, int64_t again_us);
void lesson_renew(struct modbus_lesson *lesson, int64_t again_us);

#endif
