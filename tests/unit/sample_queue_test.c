#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>

#include "base/worker.h"
#include "points/sample_queue.h"

static struct gw_sample gauge(uint32_t point, double raw)
{
    return (struct gw_sample){.point = point, .raw = raw, .source_us = GW_TIME_NONE};
}

static struct gw_sample event(uint32_t point, double raw)
{
    struct gw_sample sample = gauge(point, raw);
    sample.flags = GW_EVENT;
    return sample;
}

static bool push_one(struct sample_queue *q, struct gw_sample sample)
{
    return sample_queue_push(q, &sample, 1, NULL);
}

static bool push_message(struct sample_queue *q, uint32_t point, size_t n,
                         uint64_t ticket)
{
    struct gw_sample samples[8];
    for (size_t i = 0; i < n; i++)
        samples[i] = gauge(point, (double)i);
    return sample_queue_push(q, samples, n, &(struct gw_delivery){.ticket = ticket});
}

static struct sample_queue *queue_of(size_t capacity)
{
    struct sample_queue *q = NULL;
    assert_int_equal(sample_queue_new(capacity, &q), 0);
    return q;
}

static bool is_readable(const struct sample_queue *q)
{
    struct pollfd fd = {.fd = sample_queue_fd(q), .events = POLLIN};
    return poll(&fd, 1, 0) == 1;
}

static void capacity_is_bounded(void **state)
{
    (void)state;
    struct sample_queue *q = NULL;
    assert_int_equal(sample_queue_new(0, &q), -EINVAL);
    assert_int_equal(sample_queue_new(SAMPLE_QUEUE_MAX + 1, &q), -EINVAL);
    assert_null(q);
    assert_null(sample_queue_free(NULL));
}

static void items_come_out_in_the_order_they_went_in(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(4);
    struct queue_item out[8];
    for (uint32_t round = 0; round < 5; round++) {
        for (uint32_t i = 0; i < 3; i++)
            assert_true(push_one(q, gauge(i, round)));
        assert_int_equal(sample_queue_take(q, out, 8), 3);
        for (uint32_t i = 0; i < 3; i++)
            assert_true(out[i].sample.point == i && out[i].sample.raw == round);
    }
    assert_null(sample_queue_free(q));
}

static void push_tells_how_many_gauges_gave_way(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(2);
    const struct gw_sample both[] = {gauge(7, 1), gauge(8, 2)};
    size_t overwritten = 9;
    assert_true(sample_queue_push_over(q, both, 2, NULL, false, &overwritten));
    assert_int_equal(overwritten, 0);
    assert_true(sample_queue_push_over(q, both, 2, NULL, false, &overwritten));
    assert_int_equal(overwritten, 2);
    sample_queue_free(q);
}

static void full_queue_replaces_an_older_gauge(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(3);
    struct queue_item out[4];
    assert_true(push_one(q, gauge(7, 1)));
    assert_true(push_one(q, gauge(8, 2)));
    assert_true(push_one(q, gauge(7, 3)));
    assert_int_equal(sample_queue_overwritten(q), 0);

    assert_true(push_one(q, gauge(7, 4)));

    assert_int_equal(sample_queue_take(q, out, 4), 3);
    assert_true(out[0].sample.raw == 1 && out[1].sample.raw == 2);
    assert_true(out[2].sample.raw == 4);
    assert_int_equal(sample_queue_overwritten(q), 1);
    sample_queue_free(q);
}

static void full_queue_refuses_an_event_and_a_stranger(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(2);
    struct queue_item out[2];
    assert_true(push_one(q, event(7, 1)));
    assert_true(push_one(q, gauge(8, 2)));

    assert_false(push_one(q, event(8, 3)));
    assert_false(push_one(q, gauge(7, 4))); /* its older one is an event */
    assert_false(push_one(q, gauge(9, 5)));

    assert_int_equal(sample_queue_take(q, out, 2), 2);
    assert_true(out[0].sample.raw == 1 && out[1].sample.raw == 2);
    assert_int_equal(sample_queue_overwritten(q), 0);
    sample_queue_free(q);
}

static void a_refused_answer_leaves_nothing_behind(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(3);
    struct queue_item out[4];
    assert_true(push_one(q, gauge(1, 1)));
    assert_true(push_one(q, gauge(2, 1)));
    struct gw_sample answer[] = {gauge(1, 2), gauge(3, 2), gauge(4, 2)};

    assert_false(sample_queue_push(q, answer, 3, NULL));
    assert_true(sample_queue_push(q, answer, 2, NULL)); /* one replaces, one fits */

    assert_int_equal(sample_queue_take(q, out, 4), 3);
    assert_true(out[0].sample.point == 1 && out[0].sample.raw == 2);
    assert_true(out[2].sample.point == 3 && out[2].sample.raw == 2);
    sample_queue_free(q);
}

static void a_message_is_never_replaced(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(3);
    assert_true(push_message(q, 7, 2, 1));
    assert_false(push_one(q, gauge(7, 9)));
    assert_false(push_message(q, 7, 1, 2));
    assert_int_equal(sample_queue_length(q), 3);
    sample_queue_free(q);
}

static void a_message_is_taken_whole_with_its_delivery(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(16);
    struct queue_item out[8];
    assert_true(push_message(q, 1, 2, 1));
    assert_true(push_message(q, 2, 3, 2));

    assert_int_equal(sample_queue_take(q, out, 5), 3);
    assert_false(sample_queue_is_inside(q));
    assert_int_equal(out[2].kind, QUEUE_DELIVERY);
    assert_int_equal(out[2].delivery.ticket, 1);
    assert_int_equal(sample_queue_take(q, out, 3), 3); /* alone it exceeds @max */
    assert_int_equal(out[2].kind, QUEUE_SAMPLE);
    assert_true(sample_queue_is_inside(q));
    assert_int_equal(sample_queue_take(q, out, 3), 1);
    assert_false(sample_queue_is_inside(q));
    assert_int_equal(out[0].kind, QUEUE_DELIVERY);
    assert_int_equal(out[0].delivery.ticket, 2);
    sample_queue_free(q);
}

static void a_commit_finds_room_behind_what_was_pushed(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(2);
    struct queue_item out[8];
    assert_true(push_message(q, 1, 1, 41));
    sample_queue_push_commit(q, 3, 40);
    sample_queue_push_commit(q, 4, 9);
    sample_queue_push_commit(q, 3, 41);

    assert_int_equal(sample_queue_length(q), 4);
    assert_int_equal(sample_queue_take(q, out, 8), 4);
    assert_int_equal(out[1].kind, QUEUE_DELIVERY);
    assert_true(out[2].kind == QUEUE_COMMIT && out[2].delivery.bus == 4);
    assert_true(out[3].kind == QUEUE_COMMIT && out[3].delivery.bus == 3);
    assert_int_equal(out[3].delivery.ticket, 41);
    sample_queue_free(q);
}

static void of_more_buses_than_places_the_newest_ask(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(1);
    static struct queue_item out[SAMPLE_QUEUE_BUSES_MAX + 8];
    for (uint16_t bus = 0; bus < SAMPLE_QUEUE_BUSES_MAX + 4; bus++)
        sample_queue_push_commit(q, bus, 1);
    assert_int_equal(sample_queue_take(q, out, SAMPLE_QUEUE_BUSES_MAX + 8),
                     SAMPLE_QUEUE_BUSES_MAX);
    assert_int_equal(out[0].delivery.bus, 4);
    assert_int_equal(out[SAMPLE_QUEUE_BUSES_MAX - 1].delivery.bus,
                     SAMPLE_QUEUE_BUSES_MAX + 3);
    sample_queue_free(q);
}

static void a_commit_stands_before_what_came_later(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(4);
    struct queue_item out[4];
    sample_queue_push_commit(q, 1, 5);
    assert_true(push_one(q, gauge(1, 1)));
    assert_int_equal(sample_queue_take(q, out, 4), 2);
    assert_int_equal(out[0].kind, QUEUE_COMMIT);
    assert_int_equal(out[1].kind, QUEUE_SAMPLE);
    sample_queue_free(q);
}

static void the_descriptor_is_readable_while_something_waits(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(4);
    struct queue_item out[4];
    assert_false(is_readable(q));
    assert_true(push_one(q, gauge(1, 1)));
    assert_true(push_one(q, gauge(2, 1)));
    assert_true(is_readable(q));
    assert_int_equal(sample_queue_take(q, out, 1), 1);
    assert_true(is_readable(q));
    assert_int_equal(sample_queue_take(q, out, 4), 1);
    assert_false(is_readable(q));
    sample_queue_push_commit(q, 1, 1);
    assert_true(is_readable(q));
    sample_queue_free(q);
}

static bool push_and_go_on(struct sample_queue *q, struct gw_sample sample)
{
    size_t overwritten = 0;
    return sample_queue_push_over(q, &sample, 1, NULL, true, &overwritten);
}

static void a_producer_that_goes_on_calls_once(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(4);
    struct queue_item out[4];
    sample_queue_call(q);
    assert_false(is_readable(q)); /* nothing waits */
    assert_true(push_and_go_on(q, gauge(1, 1)));
    assert_true(push_and_go_on(q, gauge(2, 1)));
    assert_false(is_readable(q));
    sample_queue_call(q);
    assert_true(is_readable(q));
    assert_int_equal(sample_queue_take(q, out, 4), 2);
    assert_false(is_readable(q));
    assert_true(push_and_go_on(q, gauge(3, 1)));
    assert_true(push_one(q, gauge(4, 1))); /* somebody else's calls for both */
    assert_true(is_readable(q));
    sample_queue_free(q);
}

static void an_event_a_refusal_and_a_commit_call_at_once(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(2);
    struct queue_item out[4];
    assert_true(push_and_go_on(q, event(1, 1)));
    assert_true(is_readable(q));
    assert_int_equal(sample_queue_take(q, out, 4), 1);

    assert_true(push_and_go_on(q, gauge(1, 1)));
    assert_true(push_and_go_on(q, gauge(2, 1)));
    assert_false(is_readable(q));
    assert_false(push_and_go_on(q, gauge(3, 1)));
    assert_true(is_readable(q));
    assert_int_equal(sample_queue_take(q, out, 4), 2);

    assert_true(push_and_go_on(q, gauge(1, 1)));
    sample_queue_push_commit(q, 1, 1);
    assert_true(is_readable(q));
    sample_queue_free(q);
}

static void what_is_gathered_calls_when_it_is_much(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(2 * SAMPLE_QUEUE_GATHERED);
    for (uint32_t i = 1; i < SAMPLE_QUEUE_GATHERED; i++)
        assert_true(push_and_go_on(q, gauge(i, 1)));
    assert_false(is_readable(q));
    assert_true(push_and_go_on(q, gauge(SAMPLE_QUEUE_GATHERED, 1)));
    assert_true(is_readable(q));
    sample_queue_free(q);
}

static void room_after_a_refusal_is_told_once(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(4);
    struct queue_item out[4];
    for (uint32_t i = 0; i < 4; i++)
        assert_true(push_one(q, event(i, 1)));
    assert_false(push_message(q, 1, 1, 1)); /* wants two places */
    assert_false(sample_queue_had_refusal(q));
    assert_int_equal(sample_queue_take(q, out, 1), 1);
    assert_false(sample_queue_had_refusal(q));
    assert_int_equal(sample_queue_take(q, out, 1), 1);
    assert_true(sample_queue_had_refusal(q));
    assert_false(sample_queue_had_refusal(q));
    sample_queue_free(q);
}

enum { PRODUCERS = 3, MESSAGES = 4000, CAPACITY = 64 };

struct producer {
    struct sample_queue *queue;
    uint32_t bus;
};

/* Two samples and a delivery each, again and again until the queue takes them; every
 * third message is the last of its turn. */
static void produce(struct worker *w, void *ctx)
{
    const struct producer *p = ctx;
    for (uint64_t ticket = 1; ticket <= MESSAGES; ticket++) {
        struct gw_sample samples[2] = {gauge(p->bus, (double)ticket),
                                       gauge(p->bus, (double)ticket)};
        size_t overwritten = 0;
        struct gw_delivery delivery = {.bus = (uint16_t)p->bus, .ticket = ticket};
        while (!sample_queue_push_over(p->queue, samples, 2, &delivery, true,
                                       &overwritten)) {
            struct pollfd pause = {.fd = -1};
            (void)poll(&pause, 1, 1);
        }
        if (ticket % 3 == 0)
            sample_queue_call(p->queue);
        worker_alive(w);
    }
    sample_queue_push_commit(p->queue, (uint16_t)p->bus, MESSAGES);
}

static void check_item(const struct queue_item *item, uint64_t tickets[PRODUCERS],
                       uint32_t samples[PRODUCERS])
{
    if (item->kind == QUEUE_SAMPLE) {
        uint32_t bus = item->sample.point;
        assert_true(item->sample.raw == (double)(tickets[bus] + 1));
        samples[bus]++;
    } else if (item->kind == QUEUE_DELIVERY) {
        assert_int_equal(item->delivery.ticket, ++tickets[item->delivery.bus]);
    }
}

static void many_producers_lose_and_reorder_nothing(void **state)
{
    (void)state;
    struct sample_queue *q = queue_of(CAPACITY);
    struct producer producers[PRODUCERS];
    struct worker *workers[PRODUCERS];
    for (uint32_t i = 0; i < PRODUCERS; i++) {
        producers[i] = (struct producer){.queue = q, .bus = i};
        assert_int_equal(worker_start("producer", 0, produce, &producers[i], &workers[i]),
                         0);
    }
    uint64_t tickets[PRODUCERS] = {0};
    uint32_t samples[PRODUCERS] = {0};
    size_t commits = 0;
    while (commits < PRODUCERS) {
        struct pollfd fd = {.fd = sample_queue_fd(q), .events = POLLIN};
        assert_int_equal(poll(&fd, 1, 10000), 1); /* a lost wake-up would end here */
        struct queue_item items[16];
        size_t n = sample_queue_take(q, items, 16);
        for (size_t i = 0; i < n; i++) {
            check_item(&items[i], tickets, samples);
            commits += items[i].kind == QUEUE_COMMIT;
        }
    }
    for (uint32_t i = 0; i < PRODUCERS; i++) {
        assert_int_equal(tickets[i], MESSAGES);
        assert_int_equal(samples[i], 2 * MESSAGES);
        worker_join(workers[i]);
    }
    sample_queue_free(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capacity_is_bounded),
        cmocka_unit_test(items_come_out_in_the_order_they_went_in),
        cmocka_unit_test(push_tells_how_many_gauges_gave_way),
        cmocka_unit_test(full_queue_replaces_an_older_gauge),
        cmocka_unit_test(full_queue_refuses_an_event_and_a_stranger),
        cmocka_unit_test(a_refused_answer_leaves_nothing_behind),
        cmocka_unit_test(a_message_is_never_replaced),
        cmocka_unit_test(a_message_is_taken_whole_with_its_delivery),
        cmocka_unit_test(a_commit_finds_room_behind_what_was_pushed),
        cmocka_unit_test(of_more_buses_than_places_the_newest_ask),
        cmocka_unit_test(a_commit_stands_before_what_came_later),
        cmocka_unit_test(the_descriptor_is_readable_while_something_waits),
        cmocka_unit_test(a_producer_that_goes_on_calls_once),
        cmocka_unit_test(an_event_a_refusal_and_a_commit_call_at_once),
        cmocka_unit_test(what_is_gathered_calls_when_it_is_much),
        cmocka_unit_test(room_after_a_refusal_is_told_once),
        cmocka_unit_test(many_producers_lose_and_reorder_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
