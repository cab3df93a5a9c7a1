#include "notify/output_rows.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "config/suggest.h"

static const char *const untils[] = {"acknowledged", "returned", NULL};

#define ROW(field) offsetof(struct output_row, field)
static const struct gw_option row_options[] = {
    {.name = "name",
     .type = GW_OPT_ID,
     .offset = ROW(name),
     .required = true,
     .help = "the word that rules have in their outputs; several rows may share it"},
    {.name = "points",
     .type = GW_OPT_STRINGS,
     .offset = ROW(point_names),
     .required = true,
     .min = 1,
     .max = 16,
     .help = "outputs that are 1 while it is on: [gate-south/relay.siren]"},
    {.name = "places",
     .type = GW_OPT_STRINGS,
     .offset = ROW(places),
     .max = 16,
     .help = "of alarms about places that these globs name; any unless said"},
    {.name = "kinds",
     .type = GW_OPT_STRINGS,
     .offset = ROW(kinds),
     .max = 16,
     .help = "of alarms about places of these kinds"},
    {.name = "tags",
     .type = GW_OPT_STRINGS,
     .offset = ROW(tags),
     .max = 16,
     .help = "of alarms about places with one of these tags"},
    {.name = "severities",
     .type = GW_OPT_STRINGS,
     .offset = ROW(severity_names),
     .max = 4,
     .help = "of alarms of these severities: [P1, P2]; any unless said"},
    {.name = "until",
     .type = GW_OPT_ENUM,
     .offset = ROW(until),
     .choices = untils,
     .fallback = "acknowledged",
     .help = "acknowledged, or returned: off too when the cause is gone"},
    {.name = "on_for",
     .type = GW_OPT_DURATION,
     .offset = ROW(on_for_us),
     .max = 86400e6,
     .fallback = "3min",
     .help = "at most so long after an alarm came; 0s = without an end"},
    {0},
};

void outputs_print_options(FILE *out)
{
    config_print_options(out, "outputs", row_options, 0);
}

/* reader - one run over the files. */
struct reader {
    const struct outputs_setup *setup;
    struct config_source src;
    struct output_rows *rows;
    const char *path; /* of the row in work */
};

static void unknown(struct reader *rd, const struct output_row *row, const char *kind,
                    const struct suggest *near)
{
    if (near->best)
        config_fault(rd->src.faults, row->mark, rd->path,
                     "unknown %s '%.80s' (did you mean '%s'?)",
                     config_faults_say(rd->src.faults, kind), near->wanted, near->best);
    else
        config_fault(rd->src.faults, row->mark, rd->path,
                     "unknown %s '%.80s' (allowed: a %s that is configured)",
                     config_faults_say(rd->src.faults, kind), near->wanted,
                     config_faults_say(rd->src.faults, kind));
}

/* --- its points ------------------------------------------------------------- */

static const struct point_entry *
find_point(struct reader *rd, const struct output_row *row, const char *name)
{
    const struct point_table *points = rd->setup->points;
    const struct point_entry *entry = point_table_named(points, name);
    struct suggest near = {.wanted = name};
    for (size_t i = 0; !entry && i < point_table_count(points); i++)
        suggest_offer(&near, point_table_entry(points, i)->name);
    if (!entry)
        unknown(rd, row, "point", &near);
    return entry;
}

/* It must take 1 and 0, or it could be switched on and never off. */
static bool is_switch(struct reader *rd, const struct output_row *row,
                      const struct point_entry *entry)
{
    struct gw_error err = {0};
    double raw;
    int r = entry->config ? config_point_raw(entry->config, 1, &raw, &err)
                          : gw_fail(&err, -EROFS,
                                    "point '%s' is derived (allowed: an "
                                    "output of a device)",
                                    entry->name);
    if (r == 0)
        r = config_point_raw(entry->config, 0, &raw, &err);
    if (r < 0)
        config_fault(rd->src.faults, row->mark, rd->path, "%s", err.text);
    return r == 0;
}

static bool read_points(struct reader *rd, struct output_row *row)
{
    bool is_good = true;
    row->points = arena_alloc(rd->src.arena, row->point_names.count * sizeof(void *));
    for (size_t i = 0; row->points && i < row->point_names.count; i++) {
        const struct point_entry *entry = find_point(rd, row, row->point_names.items[i]);
        bool is_fine = entry && is_switch(rd, row, entry);
        is_good &= is_fine;
        if (is_fine)
            row->points[row->point_count++] = entry;
    }
    return is_good && row->points;
}

/* --- whose alarms it is for --------------------------------------------------- */

static bool has_kind(const struct gw_place *place, const char *kind)
{
    return place->kind && strcmp(place->kind, kind) == 0;
}

static bool is_named(const struct gw_place *place, const char *glob)
{
    return fnmatch(glob, place->id, 0) == 0;
}

/* One of @words is so of @place; no words at all: any place will do. */
static bool is_one_of(const struct gw_strings *words, const struct gw_place *place,
                      bool (*is_so)(const struct gw_place *place, const char *word))
{
    bool is_found = words->count == 0;
    for (size_t i = 0; place && i < words->count && !is_found; i++)
        is_found = is_so(place, words->items[i]);
    return is_found;
}

bool output_row_fits(const struct output_row *row, enum gw_severity severity,
                     const struct gw_place *place)
{
    return (row->severities & 1u << severity) && is_one_of(&row->places, place, is_named)
           && is_one_of(&row->kinds, place, has_kind)
           && is_one_of(&row->tags, place, gw_place_has_tag);
}

const struct gw_place *output_place(const struct outputs_setup *setup, const char *object)
{
    const struct gw_campus *campus = setup->campus;
    const struct config *config = setup->config;
    const struct gw_place *place = gw_campus_place(campus, object);
    const struct gw_class *class = place ? NULL : gw_campus_class(campus, object);
    if (class && class->place_id)
        return gw_campus_place(campus, class->place_id);
    for (size_t i = 0; !place && i < config->device_count; i++) {
        const struct config_device *d = &config->devices[i];
        if (strcmp(d->name, object) == 0 && d->ref.point_count > 0)
            place = gw_campus_place(campus, config->points[d->first_point].place);
    }
    return place;
}

/* A word that is so of no place at all was misspelt. */
static bool check_words(struct reader *rd, const struct output_row *row, const char *key,
                        const struct gw_strings *words,
                        bool (*is_so)(const struct gw_place *place, const char *word))
{
    size_t count = 0;
    const struct gw_place *places = gw_campus_places(rd->setup->campus, &count);
    bool is_good = true;
    for (size_t w = 0; w < words->count; w++) {
        const struct gw_strings word = {&words->items[w], 1};
        bool is_used = false;
        for (size_t i = 0; i < count && !is_used; i++)
            is_used = is_one_of(&word, &places[i], is_so);
        if (!is_used)
            config_fault(rd->src.faults, row->mark, rd->path,
                         "%s: '%.80s' is so of no place of campus.yaml", key,
                         words->items[w]);
        is_good &= is_used;
    }
    return is_good;
}

static bool read_severities(struct reader *rd, struct output_row *row)
{
    bool is_good = true;
    row->severities = row->severity_names.count == 0 ? UINT32_MAX : 0;
    for (size_t i = 0; i < row->severity_names.count; i++) {
        enum gw_severity s = GW_P1;
        while (s <= GW_P4
               && strcmp(gw_severity_name(s), row->severity_names.items[i]) != 0)
            s++;
        if (s > GW_P4)
            config_fault(rd->src.faults, row->mark, rd->path,
                         "severities: '%.80s' is none (allowed: P1, P2, P3, P4)",
                         row->severity_names.items[i]);
        is_good &= s <= GW_P4;
        row->severities |= s <= GW_P4 ? 1u << s : 0;
    }
    return is_good;
}

/* --- rows ----------------------------------------------------------------------- */

static void read_row(struct reader *rd, const struct config_node *node, size_t index)
{
    struct output_row row = {.mark = config_where(node)};
    rd->path = config_path_item(&rd->src, "outputs", node, index);
    if (!config_fill(&rd->src, node, rd->path, row_options, &row, NULL))
        return;
    bool is_good = read_points(rd, &row);
    is_good &= read_severities(rd, &row);
    is_good &= check_words(rd, &row, "places", &row.places, is_named);
    is_good &= check_words(rd, &row, "kinds", &row.kinds, has_kind);
    is_good &= check_words(rd, &row, "tags", &row.tags, gw_place_has_tag);
    if (rd->rows->count == OUTPUT_ROWS_MAX)
        config_fault(rd->src.faults, row.mark, rd->path, "one row too many (allowed: %d)",
                     OUTPUT_ROWS_MAX);
    else if (is_good)
        rd->rows->items[rd->rows->count++] = row;
}

static bool is_mapped(const struct output_rows *rows, const char *word)
{
    bool is_found = false;
    for (size_t i = 0; i < rows->count && !is_found; i++)
        is_found = strcmp(rows->items[i].name, word) == 0;
    return is_found;
}

/* Rules speak of words that nobody wired: told once a word, where there is something to
 * wire at all. */
static void warn_unmapped(struct reader *rd)
{
    const struct config *config = rd->setup->config;
    bool has_outputs = false;
    for (size_t i = 0; i < config->point_count && !has_outputs; i++)
        has_outputs = config->points[i].is_writable;
    const char *word = NULL;
    struct config_mark mark;
    const char *rule = NULL;
    for (size_t i = 0;
         has_outputs && (word = rules_output(rd->setup->rules, i, &rule, &mark)); i++)
        if (!is_mapped(rd->rows, word))
            config_warning(rd->src.faults, mark, rule,
                           "names the output '%s', which is mapped nowhere (wanted: a "
                           "row of 'outputs:' in devices.d, or the word among a rule "
                           "file's 'recipients:')",
                           word);
}

/* The word nearest to @row's of those that a device has to answer to; NULL = none. */
static const char *nearest_word(const struct reader *rd, const struct output_row *row)
{
    struct suggest near = {.wanted = row->name};
    const char *word = NULL;
    const char *rule = NULL;
    struct config_mark mark;
    for (size_t i = 0; (word = rules_output(rd->setup->rules, i, &rule, &mark)); i++)
        suggest_offer(&near, word);
    return near.best;
}

static void warn_unused(struct reader *rd)
{
    for (size_t r = 0; r < rd->rows->count; r++) {
        const struct output_row *row = &rd->rows->items[r];
        if (rules_name_output(rd->setup->rules, row->name))
            continue;
        const char *near = nearest_word(rd, row);
        if (near)
            config_warning(rd->src.faults, row->mark, row->name,
                           "no rule names this output: it never comes on (did you mean "
                           "'%s'?)",
                           near);
        else
            config_warning(rd->src.faults, row->mark, row->name,
                           "no rule names this output: it never comes on");
    }
}

int output_rows_read(const struct outputs_setup *setup, struct arena *arena,
                     struct config_faults *faults, struct output_rows *ret)
{
    struct reader rd = {
        .setup = setup, .src = {.arena = arena, .faults = faults}, .rows = ret};
    const struct config *config = setup->config;
    ret->items = arena_alloc(arena, OUTPUT_ROWS_MAX * sizeof(*ret->items));
    if (!ret->items)
        return -ENOMEM;
    for (size_t f = 0; f < config->device_files; f++) {
        const struct config_node *list = config_child(config->wiring[f], "outputs");
        if (list && !config_is_list(list))
            config_fault(faults, config_where(list), "outputs",
                         "no list stands here (allowed: a list of mappings)");
        for (size_t i = 0; config_is_list(list) && i < config_count(list); i++)
            read_row(&rd, config_item(list, i), i);
    }
    /* What a faulty rule or row names is not known: those come when all are good. */
    if (config_faults_errors(faults) == 0) {
        warn_unmapped(&rd);
        warn_unused(&rd);
        output_rows_doubt(setup, faults, ret);
    }
    return 0;
}
