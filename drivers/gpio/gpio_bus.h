/* gpio_bus.h - a bus and its devices as the parts of this driver share them.  Thread: the
 * bus. */
#ifndef GPIO_GPIO_BUS_H
#define GPIO_GPIO_BUS_H

#include "gpio_request.h"
#include "gw/driver.h"
#include "holder_client.h"
#include "input.h"

enum gpio_direction { GPIO_IN, GPIO_OUT };
enum gpio_level { GPIO_LOW, GPIO_HIGH };
enum gpio_contact { GPIO_NORMALLY_OPEN, GPIO_NORMALLY_CLOSED };
enum gpio_edge_mode { GPIO_SETTLED, GPIO_LEADING };
enum gpio_safe { GPIO_SAFE_OFF, GPIO_SAFE_ON };
enum gpio_outputs { GPIO_HELD, GPIO_DIRECT };

/* A contact may rest for months: so often its level is read and told again, so that
 * `supervision` watches the wire's end that we have. */
#define GPIO_LOOK_US INT64_C(10000000)

/* Changes of one device that wait for room; one descriptor of GW_WAIT_MAX is the
 * holder's.
 */
enum { GPIO_WAITING_MAX = INPUT_CHANGES_MAX + 1, GPIO_LINES_MAX = GW_WAIT_MAX - 1 };

/* look_us  machine time of the next look at every line
 * beat_us  of the next word to the holder, or of the next try to reach it
 * holder_fault  "" = it answers */
struct gpio_bus {
    const char *chip;
    int outputs;
    const char *holder_path;

    const struct gw_bus_setup *setup;
    int64_t look_us;
    struct holder_client holder;
    int64_t beat_us;
    char holder_fault[200];
};

/* gpio_told - what is to be pushed: a state, or of a counter its pulses of then. */
struct gpio_told {
    bool is_on;
    uint16_t flags;
    int64_t machine_us;
};

/* request   its line, by itself, so that one that is missing or taken by another program
 *           takes no other with it; NULL: not to be had, tried again at retry_us (held
 *           outputs have none)
 * is_lost   so it was told
 * is_opened  opened before: an output keeps its level over a reopening
 * waiting   oldest first; nothing more of the line is taken before it is empty
 * is_unsure  had edges: its level is to be read
 * is_on, on_us  outputs: wanted, since then
 * is_claimed  outputs: the holder has it
 * refusal   outputs: why the holder does not, "" = it does, or was not asked
 * pulses_told, tell_us  counters: what was pushed last, when the next may be
 * was_storm, suppressed  as reported */
struct gpio_device {
    const char *name;
    int direction;
    int active; /* the level of a closed contact, of an output that is on */
    int contact;
    int bias;
    int edge;
    int64_t debounce_us;
    int64_t min_pulse_us;
    bool is_counter;
    int safe;
    int64_t max_on_us;

    struct gpio_request *request;
    int64_t retry_us;
    bool is_lost;
    bool is_opened;
    struct gpio_told waiting[GPIO_WAITING_MAX];
    size_t waiting_count;
    struct input input;
    bool is_unsure;
    bool is_on;
    int64_t on_us;
    bool is_claimed;
    char refusal[HOLDER_TEXT_MAX];
    uint64_t pulses_told;
    int64_t tell_us;
    bool was_storm;
    uint64_t suppressed;
};

static inline struct gpio_device *gpio_device(const struct gpio_bus *b, size_t i)
{
    return b->setup->devices[i].options;
}

static inline bool gpio_is_held(const struct gpio_bus *b, const struct gpio_device *d)
{
    return d->direction == GPIO_OUT && b->outputs == GPIO_HELD;
}

/* gpio_check - the driver's check(): options that contradict each other. */
int gpio_check(const void *bus, const struct gw_device_ref *device, struct gw_error *err);

/* gpio_traits - the driver's traits(): a line is one device's. */
void gpio_traits(const void *bus, const void *device, struct gw_traits *ret);

/* gpio_look - the driver's look(): chips and lines that are not there. */
const char *gpio_look(const void *bus, const void *device);

/* gpio_tell - has @is_on pushed, as soon as there is room. */
void gpio_tell(struct gpio_device *d, bool is_on, uint16_t flags, int64_t machine_us);

/* gpio_push - what waits of device @i.  false: the queue is full */
bool gpio_push(const struct gpio_bus *b, size_t i, const struct gw_sink *sink);

/* gpio_tell_bad - device @i has no state, and @text says why.  Said again and again: a
 * push that finds no room is no loss. */
void gpio_tell_bad(const struct gpio_bus *b, size_t i, const char *text,
                   const struct gw_sink *sink);

/* gpio_line_start - opens the line of a device and tells how it stands.
 * returns 0 or gw_fail(); -ENODEV: the chip is gone */
typedef int gpio_line_start(struct gpio_bus *b, struct gpio_device *d,
                            struct gw_error *err);

/* gpio_line_open - requests the line of @d, as its options say.  its level or gw_fail()
 * gpio_line_lose - it failed: closed, told with @text, and tried again in 10 s
 * gpio_line_retry - tries a line that is not open, when it is time.  0 or -ENODEV */
int gpio_line_open(const struct gpio_bus *b, struct gpio_device *d, struct gw_error *err);
void gpio_line_lose(const struct gpio_bus *b, size_t i, const char *text,
                    const struct gw_sink *sink);
int gpio_line_retry(struct gpio_bus *b, size_t i, gpio_line_start *start,
                    const struct gw_sink *sink);

/* --- inputs: gpio_inputs.c ------------------------------------------------------- */

/* gpio_inputs_start - the levels that are there; what cannot be opened is told with the
 * first turn. */
void gpio_inputs_start(struct gpio_bus *b);
void gpio_inputs_wait(const struct gpio_bus *b, struct gw_wait *wait);

/* gpio_inputs_turn - takes edges, judges and tells; @is_look: also what is as it was.
 * returns 0 or -ENODEV: the chip is gone */
int gpio_inputs_turn(struct gpio_bus *b, bool is_look, const struct gw_sink *sink);

/* --- outputs: gpio_outputs.c ----------------------------------------------------- */

/* gpio_outputs_start - claims them; a holder that is away is asked again, no fault of the
 * bus. */
void gpio_outputs_start(struct gpio_bus *b);
void gpio_outputs_stop(struct gpio_bus *b);
void gpio_outputs_wait(const struct gpio_bus *b, struct gw_wait *wait);

/* gpio_outputs_turn - returns 0 or -ENODEV: the chip is gone */
int gpio_outputs_turn(struct gpio_bus *b, bool is_look, const struct gw_sink *sink);

/* gpio_outputs_write - the driver's write(). */
enum gw_fault gpio_outputs_write(void *bus, const struct gw_device_ref *device,
                                 const struct gw_point_ref *point, double raw,
                                 struct gw_error *err);

#endif
