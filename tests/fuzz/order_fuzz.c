/* order_fuzz.c - the county's orders, one a line: as a message, and as a payload that is
 * signed by a key that may order.  Each that is read is noted in the book.
 */
#include <sodium.h>

#include "base/clock.h"
#include "config/schema.h"
#include "fuzz.h"
#include "uplink/command_book.h"

#define NOW_US INT64_C(1795393200000000) /* 2026-11-23T08:20:00+08:00 */

static unsigned char secret[crypto_sign_SECRETKEYBYTES];
static struct county_key key = {.name = "county-1"};
static const struct county_keys keys = {&key, 1};

static void check_order(const struct county_order *o)
{
    fuzz_claim(o->what <= COUNTY_STATUS, "it says what to do");
    fuzz_claim(o->seq >= 1 && o->seq >> 53 == 0, "a seq is what JSON keeps exact");
    fuzz_claim(o->expires_us > NOW_US && o->expires_us - NOW_US <= COUNTY_ORDER_AHEAD_US,
               "it may be obeyed now and not for ever");
    fuzz_claim(memcmp(o->key, key.bytes, sizeof(o->key)) == 0, "its key may order");
    fuzz_claim(o->by[0] == '\0' || config_is_id(o->by), "a role is an id");
    fuzz_claim(o->range_count <= COUNTY_ORDER_RANGES, "ranges have room");
    for (size_t i = 0; i < o->range_count; i++)
        fuzz_claim(o->ranges[i].from >= 1 && o->ranges[i].from <= o->ranges[i].to,
                   "a range is upright");
    if (o->what == COUNTY_REPLAY)
        fuzz_claim(o->epoch > 0 && o->range_count > 0, "a replay names rows");
    if (o->what == COUNTY_ACKNOWLEDGE)
        fuzz_claim(strchr(o->alarm, '@') != NULL, "an alarm is a rule's and an object's");
    if (o->what == COUNTY_DRILL)
        fuzz_claim(config_is_id(o->target) && o->length_us >= 0
                       && (o->length_us == 0 || o->comment[0]),
                   "a drill has a place, and a reason unless it ends");
}

static void obey(struct command_book *book, const struct county_order *o)
{
    char name[COMMAND_BOOK_KEY_MAX];
    struct gw_error err = {0};
    struct command_book again = {0};
    if (command_book_look(book, o, &err) != ORDER_OBEYED)
        return;
    const struct gw_state kept = command_page_state(command_book_note(book, o), name);
    fuzz_claim(command_book_look(book, o, &err) == ORDER_SEEN_BEFORE, "it comes once");
    fuzz_claim(command_book_restore(&again, &kept), "what is kept is known again");
    fuzz_claim(command_book_look(&again, o, &err) == ORDER_SEEN_BEFORE,
               "it comes once over a restart");
}

static void read_one(struct command_book *book, const char *message)
{
    struct county_order order;
    struct gw_error err = {0};
    memset(&order, 'x', sizeof(order));
    enum order_refusal why =
        county_order_read(message, strlen(message), &keys, "gw-01", NOW_US, &order, &err);
    fuzz_claim(why < ORDER_REFUSALS, "a refusal has a reason");
    fuzz_claim((why == ORDER_OBEYED) == (err.text[0] == '\0'), "a refusal says why");
    if (why != ORDER_OBEYED)
        return;
    check_order(&order);
    obey(book, &order);
}

static char *sign(const char *payload)
{
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    const unsigned char *bytes = (const unsigned char *)payload;
    unsigned char signature[crypto_sign_BYTES];
    char sealed[128];
    size_t size = strlen(payload);
    size_t room = sodium_base64_encoded_len(size, variant);
    char *text = malloc(room);
    char *message = NULL;
    fuzz_claim(text, "there is memory");
    (void)crypto_sign_detached(signature, NULL, bytes, size, secret);
    (void)sodium_bin2base64(text, room, bytes, size, variant);
    (void)sodium_bin2base64(sealed, sizeof(sealed), signature, sizeof(signature),
                            variant);
    fuzz_claim(asprintf(&message,
                        "{\"payload\":\"%s\",\"key\":\"%s\",\"signature\":\"%s\"}", text,
                        key.name, sealed)
                   > 0,
               "there is memory");
    free(text);
    return message;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    const unsigned char seed[crypto_sign_SEEDBYTES] = {1};
    fuzz_hush();
    fuzz_claim(sodium_init() >= 0, "there are random numbers");
    (void)crypto_sign_seed_keypair(key.bytes, secret, seed);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input in = {(const char *)bytes, size};
    struct command_book *book = calloc(1, sizeof(*book));
    fuzz_claim(book, "there is memory");
    while (in.left > 0) {
        char *line = fuzz_line(&in);
        char *message = sign(line);
        read_one(book, line);
        read_one(book, message);
        free(message);
        free(line);
    }
    free(book);
    return 0;
}
