#include "campus/bells.h"

#include "base/arena.h"
#include "campus/civil.h"
#include "config/quantity.h"

/* bell_entry - one line of the configuration. */
struct bell_entry {
    int kind; /* enum gw_phase_kind */
    int32_t start_s;
    int32_t end_s;
};

/* Holidays come from the calendar, not from a bell. */
const char *const bell_kinds[] = {
    [GW_PHASE_CLOSED] = "closed",
    [GW_PHASE_LESSON] = "lesson",
    [GW_PHASE_RECESS] = "recess",
    [GW_PHASE_LONG_RECESS] = "long_recess",
    [GW_PHASE_LUNCH] = "lunch",
    [GW_PHASE_AFTER_SCHOOL] = "after_school",
    [GW_PHASE_EVENING_STUDY] = "evening_study",
    [GW_PHASE_BOARDING_NIGHT] = "boarding_night",
    NULL,
};

const struct gw_option bell_options[] = {
    {.name = "phase",
     .type = GW_OPT_ENUM,
     .offset = offsetof(struct bell_entry, kind),
     .required = true,
     .choices = bell_kinds,
     .help =
         "what it is; between two lessons recess, in other gaps closed is understood"},
    {.name = "start",
     .type = GW_OPT_CLOCK,
     .offset = offsetof(struct bell_entry, start_s),
     .required = true,
     .help = "the bell"},
    {.name = "end",
     .type = GW_OPT_CLOCK,
     .offset = offsetof(struct bell_entry, end_s),
     .required = true,
     .help = "the next bell; a boarding night ends on the next day"},
    {0},
};

static void bells_add(struct bells *b, struct bell bell)
{
    if (bell.start_s < bell.end_s)
        b->items[b->count++] = bell;
}

/* bells_gap - fills from the last bell to @start_s. */
static void bells_gap(struct bells *b, int32_t start_s, enum gw_phase_kind next)
{
    const struct bell *last = b->count > 0 ? &b->items[b->count - 1] : NULL;
    bool is_recess = last && last->kind == GW_PHASE_LESSON && next == GW_PHASE_LESSON;

    bells_add(b, (struct bell){.kind = is_recess ? GW_PHASE_RECESS : GW_PHASE_CLOSED,
                               .start_s = last ? last->end_s : 0,
                               .end_s = start_s});
}

bool bells_times(const struct config_node *item, int32_t *ret_start_s, int32_t *ret_end_s)
{
    const char *start = config_scalar(config_child(item, "start"));
    const char *end = config_scalar(config_child(item, "end"));
    return start && end && quantity_clock(start, ret_start_s) == 0
           && quantity_clock(end, ret_end_s) == 0;
}

/* told_long - item @index of @list ends wrong, and not those below it begin wrong: it
 * lasts over the whole next one, or into several. */
static bool told_long(struct config_source *src, const struct config_node *list,
                      size_t index, const char *path, const struct bell_entry *e)
{
    int32_t start_s = 0;
    int32_t end_s = 0;
    int32_t next_s = 0;
    size_t begun = 0;
    bool is_over_next = false;
    for (size_t i = index + 1; i < config_count(list); i++) {
        if (!bells_times(config_item(list, i), &start_s, &end_s) || start_s >= e->end_s)
            continue;
        next_s = begun == 0 ? start_s : next_s;
        is_over_next |= e->kind == GW_PHASE_LESSON && i == index + 1
                        && start_s >= e->start_s && start_s < end_s && end_s < e->end_s;
        begun++;
    }
    if (!is_over_next && begun < 2)
        return false;
    config_fault(
        src->faults, config_where(config_item(list, index)), path,
        "ends at %02d:%02d, and the phase below begins at %02d:%02d (allowed: in "
        "the order of the day, without overlap)",
        e->end_s / 3600, e->end_s / 60 % 60, next_s / 3600, next_s / 60 % 60);
    return true;
}

/* bell_check - in order, not empty, and only a last boarding night crosses midnight. */
static bool bell_check(struct config_source *src, const struct config_node *node,
                       const char *path, const struct bell_entry *e,
                       const struct bells *b, bool is_last)
{
    int32_t before_s = b->count > 0 ? b->items[b->count - 1].end_s : 0;
    bool is_night = e->kind == GW_PHASE_BOARDING_NIGHT && is_last;

    if (e->end_s <= e->start_s && !is_night) {
        config_fault(src->faults, config_where(node), path,
                     "ends before it starts (allowed: end after start; only a last "
                     "boarding_night ends on the next day)");
        return false;
    }
    if (e->start_s < before_s) {
        config_fault(src->faults, config_where(node), path,
                     "starts before the phase above ends, at %02d:%02d (allowed: in the "
                     "order of the day, without overlap)",
                     before_s / 3600, before_s / 60 % 60);
        return false;
    }
    return true;
}

static bool bell_load(struct config_source *src, const struct config_node *list,
                      size_t index, const char *path, uint32_t *lesson, struct bells *b)
{
    struct bell_entry e = {0};
    const struct config_node *node = config_item(list, index);
    bool is_last = index + 1 == config_count(list);

    if (!config_fill(src, node, path, bell_options, &e, NULL)
        || !bell_check(src, node, path, &e, b, is_last)
        || told_long(src, list, index, path, &e))
        return false;
    if (e.end_s <= e.start_s) {
        b->tail_s = e.end_s;
        e.end_s = CIVIL_DAY_S;
    }
    enum gw_phase_kind kind = (enum gw_phase_kind)e.kind;
    bells_gap(b, e.start_s, kind);
    bells_add(b, (struct bell){kind, e.start_s, e.end_s,
                               kind == GW_PHASE_LESSON ? ++*lesson : 0,
                               config_where(config_child(node, "phase"))});
    return true;
}

void bells_load(struct config_source *src, const struct config_node *node,
                const char *path, struct bells *ret)
{
    size_t count = config_count(node);
    uint32_t lesson = 0;
    struct bells b = {0};

    if (!config_is_list(node)) {
        config_fault(src->faults, config_where(node), path,
                     "no list stands here (allowed: a list of phases)");
        return;
    }
    b.items = arena_alloc(src->arena, (2 * count + 1) * sizeof(*b.items));
    if (!b.items)
        return;
    for (size_t i = 0; i < count; i++) {
        const char *item = arena_format(src->arena, "%s[%zu]", path, i);
        b.is_faulty |= !item || !bell_load(src, node, i, item, &lesson, &b);
    }
    bells_gap(&b, CIVIL_DAY_S, GW_PHASE_CLOSED);
    *ret = b;
}

const struct bell *bells_mistaken(const struct bells *b)
{
    const struct bell *first = bells_lesson(b, 1);
    for (size_t i = 0; first && i < b->count; i++) {
        const struct bell *bell = &b->items[i];
        if (bell->mark.file && bell->lesson == 0
            && bell->end_s - bell->start_s == first->end_s - first->start_s)
            return bell;
    }
    return NULL;
}

const struct bell *bells_at(const struct bells *b, int32_t second_s)
{
    size_t low = 0;
    size_t high = b->count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (b->items[middle].start_s <= second_s)
            low = middle;
        else
            high = middle;
    }
    return &b->items[low];
}

uint32_t bells_lessons(const struct bells *b)
{
    uint32_t last = 0;
    for (size_t i = 0; i < b->count; i++)
        last = b->items[i].lesson > last ? b->items[i].lesson : last;
    return last;
}

const struct bell *bells_lesson(const struct bells *b, uint32_t number)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->items[i].lesson == number)
            return &b->items[i];
    return NULL;
}
