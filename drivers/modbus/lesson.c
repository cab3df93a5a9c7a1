#include "lesson.h"

#include "exception.h"

static bool is_refusal(int exception)
{
    return exception && exception_kind(exception) != EXCEPTION_FAILING;
}

void lesson_learn(struct modbus_lesson *lesson, int exception, int64_t now_us)
{
    int64_t rest_us = lesson->rest_us > 0 ? 2 * lesson->rest_us : LESSON_REST_US;
    if (rest_us > LESSON_REST_MOST_US)
        rest_us = LESSON_REST_MOST_US;
    lesson->exception = exception;
    lesson->rest_us = is_refusal(exception) ? rest_us : 0;
    lesson->again_us = now_us + lesson->rest_us;
}

bool lesson_rests(const struct modbus_lesson *lesson, int64_t now_us)
{
    return lesson->rest_us > 0 && now_us < lesson->again_us;
}

void lesson_hasten(struct modbus_lesson *lesson, int64_t again_us)
{
    if (lesson->rest_us > 0 && again_us < lesson->again_us)
        lesson->again_us = again_us;
}

void lesson_renew(struct modbus_lesson *lesson, int64_t again_us)
{
    lesson_hasten(lesson, again_us);
    if (lesson->rest_us > 0)
        lesson->rest_us = LESSON_REST_US / 2; /* doubled when it is refused again */
}
