/* The driver's end of the holder's socket; what the holder says is there before it is
 * asked, so no test waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gpio/holder_client.h"

static struct holder_client client;
static int holder; /* its end */

static int setup(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    client = (struct holder_client){.is_open = true, .fd = ends[0]};
    holder = ends[1];
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    holder_close(&client);
    (void)close(holder);
    return 0;
}

static void say(const struct holder_message *m)
{
    uint8_t bytes[HOLDER_BYTES];
    holder_message_write(m, bytes);
    assert_int_equal(send(holder, bytes, sizeof(bytes), 0), HOLDER_BYTES);
}

static int beat(struct gw_error *err)
{
    struct holder_message ask = {.kind = HOLDER_BEAT};
    struct holder_message m = {0};
    return holder_call(&client, &ask, &m, err);
}

static void news(uint16_t line, bool is_on)
{
    say(&(struct holder_message){
        .kind = HOLDER_STATE, .cause = HOLDER_SAFE, .line = line, .is_on = is_on});
}

static void the_answer_has_the_number_of_its_question(void **state)
{
    (void)state;
    struct holder_message ask = {.kind = HOLDER_SET, .line = 4, .is_on = true};
    struct holder_message m = {0};
    say(&(struct holder_message){.kind = HOLDER_BEAT, .sequence = 99}); /* too late */
    say(&(struct holder_message){
        .kind = HOLDER_STATE, .line = 4, .is_on = true, .sequence = 1});
    assert_int_equal(holder_call(&client, &ask, &m, NULL), 0);
    assert_true(m.is_on && m.line == 4);
    uint8_t bytes[HOLDER_BYTES];
    assert_int_equal(recv(holder, bytes, sizeof(bytes), 0), HOLDER_BYTES);
    assert_int_equal(holder_message_read(bytes, sizeof(bytes), &m), 0);
    assert_int_equal(m.kind, HOLDER_SET);
}

static void news_that_comes_before_an_answer_is_kept(void **state)
{
    (void)state;
    struct holder_message m = {0};
    news(7, true);
    news(3, false);
    news(7, false);
    say(&(struct holder_message){.kind = HOLDER_BEAT, .sequence = 1});
    assert_int_equal(beat(NULL), 0);
    assert_int_equal(holder_news(&client, &m, NULL), 1);
    assert_int_equal(m.line, 3);
    assert_int_equal(holder_news(&client, &m, NULL), 1);
    assert_int_equal(m.line, 7);
    assert_false(m.is_on); /* the newest */
    assert_int_equal(holder_news(&client, &m, NULL), 0);
}

static void a_refusal_is_a_sentence_and_the_connection_goes_on(void **state)
{
    (void)state;
    struct gw_error err = {0};
    say(&(struct holder_message){
        .kind = HOLDER_REFUSED, .sequence = 1, .text = "line 'x' is taken"});
    say(&(struct holder_message){.kind = HOLDER_BEAT, .sequence = 2});
    assert_int_equal(beat(&err), -EREMOTEIO);
    assert_string_equal(err.text, "line 'x' is taken");
    assert_int_equal(beat(&err), 0);
}

static void an_answer_that_is_none_closes_the_connection(void **state)
{
    (void)state;
    struct gw_error err = {0};
    assert_int_equal(send(holder, "hello", 5, 0), 5);
    assert_int_equal(beat(&err), -EBADMSG);
    assert_false(client.is_open);
    assert_int_equal(beat(&err), -ENOTCONN);
}

static void a_holder_that_ends_is_seen_at_the_next_call_and_at_the_news(void **state)
{
    (void)state;
    struct gw_error err = {0};
    struct holder_message m = {0};
    news(1, true);
    assert_int_equal(shutdown(holder, SHUT_RDWR), 0);
    assert_true(holder_news(&client, &m, &err) < 0);
    assert_false(client.is_open);
    assert_int_equal(holder_news(&client, &m, &err), 0);
}

static void the_number_0_is_left_to_news(void **state)
{
    (void)state;
    client.sequence = UINT32_MAX;
    say(&(struct holder_message){.kind = HOLDER_BEAT, .sequence = 1});
    assert_int_equal(beat(NULL), 0);
    assert_int_equal(client.sequence, 1);
}

static void a_path_that_is_too_long_or_not_there_is_named(void **state)
{
    (void)state;
    struct gw_error err = {0};
    struct holder_client other = {0};
    char path[300];
    memset(path, 'x', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(holder_open(&other, path, &err), -ENAMETOOLONG);
    assert_int_equal(holder_open(&other, "/nonexistent/outputs.sock", &err), -ENOENT);
    assert_non_null(strstr(err.text, "/nonexistent/outputs.sock"));
    assert_false(other.is_open);
}

#define CLIENT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLIENT_TEST(the_answer_has_the_number_of_its_question),
        CLIENT_TEST(news_that_comes_before_an_answer_is_kept),
        CLIENT_TEST(a_refusal_is_a_sentence_and_the_connection_goes_on),
        CLIENT_TEST(an_answer_that_is_none_closes_the_connection),
        CLIENT_TEST(a_holder_that_ends_is_seen_at_the_next_call_and_at_the_news),
        CLIENT_TEST(the_number_0_is_left_to_news),
        CLIENT_TEST(a_path_that_is_too_long_or_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
