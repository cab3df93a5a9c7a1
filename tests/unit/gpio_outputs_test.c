/* Outputs that the holder holds; here a thread that answers as it would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gpio/gpio_bus.h"
#include "gpio_rig.h"

enum { ASKED_MAX = 16 };

/* holder - the siren as it has it, and what it was asked; the thread's own while a call
 * waits for its answer, the test's between two calls.
 * refusal  "" = claims are granted */
static struct {
    int fd;
    pthread_t thread;
    bool is_there;
    bool is_on;
    enum holder_cause cause;
    const char *refusal;
    struct holder_message asked[ASKED_MAX];
    size_t count;
} holder;

static void say(const struct holder_message *m)
{
    uint8_t bytes[HOLDER_BYTES];
    holder_message_write(m, bytes);
    (void)send(holder.fd, bytes, sizeof(bytes), MSG_NOSIGNAL);
}

static struct holder_message answer_to(const struct holder_message *m)
{
    struct holder_message answer = {
        .kind = m->kind, .line = m->line, .sequence = m->sequence};
    if (m->kind == HOLDER_SET && !holder.refusal) {
        holder.is_on = m->is_on;
        holder.cause = HOLDER_ASKED;
    }
    bool is_asked = m->kind == HOLDER_CLAIM || m->kind == HOLDER_SET;
    if (is_asked && holder.refusal) {
        answer.kind = HOLDER_REFUSED;
        (void)snprintf(answer.text, sizeof(answer.text), "%s", holder.refusal);
    } else if (is_asked) {
        answer.kind = HOLDER_STATE;
        answer.is_on = holder.is_on;
        answer.cause = holder.cause;
    }
    return answer;
}

static void *run_holder(void *ctx)
{
    (void)ctx;
    uint8_t bytes[HOLDER_BYTES];
    struct holder_message m;
    while (recv(holder.fd, bytes, sizeof(bytes), 0) == HOLDER_BYTES
           && holder_message_read(bytes, sizeof(bytes), &m) == 0) {
        if (holder.count < ASKED_MAX)
            holder.asked[holder.count++] = m;
        const struct holder_message answer = answer_to(&m);
        say(&answer);
    }
    return NULL;
}

static void end_holder(void)
{
    if (!holder.is_there)
        return;
    (void)shutdown(holder.fd, SHUT_RDWR);
    (void)pthread_join(holder.thread, NULL);
    (void)close(holder.fd);
    holder.is_there = false;
}

/* A holder that has the siren as @is_on, at the bus's end of a socket. */
static void start_holder(struct fixture *f, bool is_on, enum holder_cause cause)
{
    struct gpio_bus *b = f->bus;
    int ends[2];
    end_holder();
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    b->holder = (struct holder_client){.is_open = true, .fd = ends[0]};
    holder.fd = ends[1];
    holder.is_on = is_on;
    holder.cause = cause;
    holder.count = 0;
    assert_int_equal(pthread_create(&holder.thread, NULL, run_holder, NULL), 0);
    holder.is_there = true;
}

/* What it switched by itself. */
static void say_news(bool is_on, enum holder_cause cause)
{
    holder.is_on = is_on;
    holder.cause = cause;
    say(&(struct holder_message){
        .kind = HOLDER_STATE, .cause = cause, .line = SIREN, .is_on = is_on});
}

static void open_held(struct fixture *f, bool is_on, enum holder_cause cause)
{
    struct gpio_bus *b = f->bus;
    b->outputs = GPIO_HELD;
    b->holder_path = "/nonexistent/outputs.sock";
    open_bus(f);
    start_holder(f, is_on, cause);
    (void)turn(f);
}

static int open_test(void **state)
{
    holder.refusal = NULL;
    return setup(state);
}

/* A bus that closes says that it leaves. */
static int shut_test(void **state)
{
    struct gpio_bus *b = ((struct fixture *)*state)->bus;
    bool is_open = b->holder.is_open;
    gpio_driver.close(b);
    end_holder();
    if (is_open)
        assert_int_equal(holder.asked[holder.count - 1].kind, HOLDER_LEAVE);
    return teardown(state);
}

static const struct gw_sample *last(const struct fixture *f)
{
    return &f->taken[f->count - 1];
}

static char said[512]; /* of the last write */

static enum gw_fault write_siren(struct fixture *f, bool is_on)
{
    struct gw_error err = {0};
    enum gw_fault fault =
        gpio_driver.write(f->bus, &f->devices[SIREN], &f->points[SIREN], is_on, &err);
    (void)snprintf(said, sizeof(said), "%s", err.text);
    return fault;
}

static void a_line_is_taken_as_the_holder_has_it(void **state)
{
    struct fixture *f = *state;
    open_held(f, true, HOLDER_ASKED);
    assert_true(last(f)->raw == 1);
    assert_int_equal(last(f)->flags, GW_STARTUP);
    assert_int_equal(holder.count, 2);
    assert_int_equal(holder.asked[0].kind, HOLDER_BEAT);
    assert_int_equal(holder.asked[1].kind, HOLDER_CLAIM);
}

static void a_claim_says_what_the_holder_must_know(void **state)
{
    struct fixture *f = *state;
    set_enum(f, SIREN, "active", 0);
    set_time(f, SIREN, "max_on", 3000 * ms);
    open_held(f, false, HOLDER_SAFE);
    const struct holder_message *claim = &holder.asked[1];
    assert_string_equal(claim->chip, "pinctrl-x");
    assert_string_equal(claim->name, "GPIO1");
    assert_true(claim->is_active_low);
    assert_false(claim->is_safe_on);
    assert_int_equal(claim->max_on_ms, 3000);
}

static void it_beats_once_a_second(void **state)
{
    struct fixture *f = *state;
    open_held(f, false, HOLDER_SAFE);
    turn_at(f, start_us + 999 * ms);
    assert_int_equal(holder.count, 2);
    turn_at(f, start_us + 1000 * ms);
    assert_int_equal(holder.count, 3);
    assert_int_equal(holder.asked[2].kind, HOLDER_BEAT);
}

static void a_write_is_told_as_the_holder_did_it(void **state)
{
    struct fixture *f = *state;
    open_held(f, false, HOLDER_SAFE);
    assert_int_equal(write_siren(f, true), GW_FAULT_NONE);
    assert_true(holder.is_on);
    (void)turn(f);
    assert_true(last(f)->raw == 1);
    assert_int_equal(last(f)->flags, GW_EVENT);
}

static void a_write_that_the_holder_refuses_is_not_tried_again(void **state)
{
    struct fixture *f = *state;
    open_held(f, false, HOLDER_SAFE);
    holder.refusal = "on again only after off";
    assert_int_equal(write_siren(f, true), GW_FAULT_REJECTED);
    holder.refusal = NULL;
    (void)turn(f);
    assert_true(last(f)->raw == 0);
    assert_int_equal(write_siren(f, true), GW_FAULT_NONE); /* it is still connected */
}

static void the_longest_time_ends_the_wish_too(void **state)
{
    struct fixture *f = *state;
    open_held(f, true, HOLDER_ASKED);
    say_news(false, HOLDER_MAX_ON);
    (void)turn(f);
    assert_true(last(f)->raw == 0);
    assert_false(holder.is_on);
}

static void what_our_silence_ended_is_wanted_again(void **state)
{
    struct fixture *f = *state;
    open_held(f, true, HOLDER_ASKED);
    say_news(false, HOLDER_SAFE);
    (void)turn(f);
    assert_true(holder.is_on);
    assert_true(last(f)->raw == 1);
}

static void what_our_silence_ended_is_not_wanted_beyond_its_time(void **state)
{
    struct fixture *f = *state;
    set_time(f, SIREN, "max_on", 3000 * ms);
    open_held(f, false, HOLDER_SAFE);
    (void)write_siren(f, true);
    say_news(false, HOLDER_SAFE);
    turn_at(f, start_us + 4000 * ms);
    assert_false(holder.is_on);
    assert_true(last(f)->raw == 0);
}

static void a_holder_that_ends_makes_the_reading_bad(void **state)
{
    struct fixture *f = *state;
    open_held(f, true, HOLDER_ASKED);
    end_holder();
    (void)turn(f);
    assert_int_equal(last(f)->quality, GW_BAD);
    assert_int_equal(last(f)->reason, GW_REASON_OFFLINE);
    assert_non_null(strstr(f->fault, "outputs.sock"));
    assert_int_equal(write_siren(f, false), GW_FAULT_TRANSIENT);
    assert_string_equal(said, "line 'GPIO1' of GPIO chip 'pinctrl-x' is not held: "
                              "campus-gpio-holder does not answer on "
                              "/nonexistent/outputs.sock: No such file or directory");
}

static void a_new_holder_is_told_what_is_wanted(void **state)
{
    struct fixture *f = *state;
    open_held(f, true, HOLDER_ASKED);
    end_holder();
    (void)turn(f);
    start_holder(f, false, HOLDER_SAFE);
    turn_at(f, start_us + 1000 * ms);
    assert_true(holder.is_on);
    assert_true(last(f)->raw == 1);
    assert_int_equal(last(f)->quality, GW_GOOD);
    assert_string_equal(f->fault, "");
}

static void a_line_that_is_refused_says_why_and_is_claimed_again(void **state)
{
    struct fixture *f = *state;
    holder.refusal = "taken";
    open_held(f, false, HOLDER_SAFE);
    assert_string_equal(f->fault, "taken");
    assert_int_equal(last(f)->quality, GW_BAD);
    assert_int_equal(write_siren(f, true), GW_FAULT_REJECTED);
    assert_string_equal(said, "line 'GPIO1' of GPIO chip 'pinctrl-x' is not held: taken");
    holder.refusal = NULL;
    turn_at(f, start_us + 1000 * ms);
    assert_string_equal(f->fault, "");
    assert_int_equal(last(f)->quality, GW_GOOD);
}

static void a_line_that_the_holder_lost_is_bad_until_it_holds_it_again(void **state)
{
    struct fixture *f = *state;
    open_held(f, true, HOLDER_ASKED);
    holder.refusal = "its chip is gone";
    say(&(struct holder_message){
        .kind = HOLDER_REFUSED, .line = SIREN, .text = "its chip is gone"});
    (void)turn(f);
    assert_int_equal(last(f)->quality, GW_BAD);
    assert_string_equal(f->fault, "its chip is gone");
    assert_int_equal(write_siren(f, false), GW_FAULT_REJECTED);
    holder.refusal = NULL;
    say_news(true, HOLDER_ASKED);
    (void)turn(f); /* without waiting for the next beat */
    assert_int_equal(last(f)->quality, GW_GOOD);
    assert_true(last(f)->raw == 1);
    assert_string_equal(f->fault, "");
}

#define HELD_TEST(name) cmocka_unit_test_setup_teardown(name, open_test, shut_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HELD_TEST(a_line_is_taken_as_the_holder_has_it),
        HELD_TEST(a_claim_says_what_the_holder_must_know),
        HELD_TEST(it_beats_once_a_second),
        HELD_TEST(a_write_is_told_as_the_holder_did_it),
        HELD_TEST(a_write_that_the_holder_refuses_is_not_tried_again),
        HELD_TEST(the_longest_time_ends_the_wish_too),
        HELD_TEST(what_our_silence_ended_is_wanted_again),
        HELD_TEST(what_our_silence_ended_is_not_wanted_beyond_its_time),
        HELD_TEST(a_holder_that_ends_makes_the_reading_bad),
        HELD_TEST(a_new_holder_is_told_what_is_wanted),
        HELD_TEST(a_line_that_the_holder_lost_is_bad_until_it_holds_it_again),
        HELD_TEST(a_line_that_is_refused_says_why_and_is_claimed_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
