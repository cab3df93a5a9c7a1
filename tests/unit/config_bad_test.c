/* Every tests/config/bad/KIND-NAME.yaml, put over a good folder as its file of that kind,
 * must give the faults of KIND-NAME.expect, line by line. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_fixture.h"
#include "uplink/county.h"

enum { CASES_LEAST = 60 };

static const struct {
    const char *kind;
    const char *file;
    bool is_alone; /* without the good folder's templates and devices */
} kinds[] = {
    {"gateway", "gateway.yaml", true},       {"metrics", "metrics.yaml", true},
    {"campus", "campus.yaml", true},         {"devices", "devices.d/b1.yaml", false},
    {"template", "templates/x.yaml", false}, {"mapping", "mappings.d/x.yaml", true},
};

static const char mapping_gateway[] =
    "gateway: {id: gw-01}\n"
    "school: {code: \"2153012345\", division: \"530502\"}\n"
    "county: {broker: \"mqtt://127.0.0.1\", mapping: x, platform: {device: d}}\n";

/* case_path - tests/config/FOLDER/NAME.ENDING */
static void case_path(char ret[PATH_MAX], const char *folder, const char *name,
                      const char *ending)
{
    int n = snprintf(ret, PATH_MAX, "%s/tests/config/%s/%s.%s", GW_SOURCE_DIR, folder,
                     name, ending);
    assert_true(n > 0 && n < PATH_MAX);
}

static void case_alone(const struct fixture *f)
{
    static const char *const templates[] = {"light", "counter"};
    char path[PATH_MAX];

    fixture_put(f, "devices.d/b1.yaml", "buses: []\ndevices: []\n");
    for (size_t i = 0; i < 2; i++) {
        assert_true(
            snprintf(path, sizeof(path), "%s/templates/%s.yaml", f->folder, templates[i])
            > 0);
        assert_int_equal(unlink(path), 0);
    }
}

static bool is_mapping(const char *name)
{
    return strncmp(name, "mapping", 7) == 0;
}

/* case_load - of a mapping its reader is the uplink. */
static void case_load(struct fixture *f, const char *name)
{
    struct county_config county;
    fixture_load(f);
    if (is_mapping(name))
        county_load(f->config, f->faults, &county);
}

static void case_put(const struct fixture *f, const char *folder, const char *name)
{
    char path[PATH_MAX];
    size_t size = 0;
    size_t kind = 0;
    size_t count = sizeof(kinds) / sizeof(kinds[0]);

    while (kind < count && strncmp(kinds[kind].kind, name, strlen(kinds[kind].kind)) != 0)
        kind++;
    assert_true(kind < count);
    if (kinds[kind].is_alone)
        case_alone(f);
    if (is_mapping(name))
        fixture_put(f, "gateway.yaml", mapping_gateway);
    case_path(path, folder, name, "yaml");
    char *bytes = fixture_read(path, &size);
    fixture_write(f, kinds[kind].file, bytes, size);
    free(bytes);
}

/* case_matches - loads @name and compares; says the difference. */
static bool case_matches(const char *name)
{
    struct fixture f;
    char path[PATH_MAX];
    size_t size = 0;

    fixture_open(&f);
    case_put(&f, "bad", name);
    case_load(&f, name);
    char *found = fixture_faults(&f);
    case_path(path, "bad", name, "expect");
    char *expected = access(path, R_OK) == 0 ? fixture_read(path, &size) : NULL;
    bool is_same = expected && size > 0 && strcmp(found, expected) == 0;
    if (!is_same)
        print_error("--- %s expected:\n%s+++ found:\n%s", name, expected ? expected : "",
                    found);
    free(expected);
    free(found);
    fixture_close(&f);
    return is_same;
}

static int is_case(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".yaml") == 0;
}

/* each_case - calls @each with every case's name; returns how many there are. */
static size_t each_case(const char *folder, bool (*each)(const char *name),
                        size_t *ret_failed)
{
    struct dirent **entries = NULL;
    char path[PATH_MAX];

    assert_true(snprintf(path, sizeof(path), "%s/tests/config/%s", GW_SOURCE_DIR, folder)
                > 0);
    int n = scandir(path, &entries, is_case, alphasort);
    assert_true(n >= 0);
    for (int i = 0; i < n; i++) {
        *strrchr(entries[i]->d_name, '.') = '\0';
        *ret_failed += !each(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return (size_t)n;
}

static void every_bad_file_gives_exactly_its_faults(void **state)
{
    size_t failed = 0;
    (void)state;

    size_t cases = each_case("bad", case_matches, &failed);

    assert_int_equal(failed, 0);
    assert_true(cases >= CASES_LEAST);
}

static bool case_is_silent(const char *name)
{
    struct fixture f;

    fixture_open(&f);
    case_put(&f, "good", name);
    case_load(&f, name);
    char *found = fixture_faults(&f);
    bool is_silent = *found == '\0';
    if (!is_silent)
        print_error("--- %s found:\n%s", name, found);
    free(found);
    fixture_close(&f);
    return is_silent;
}

static void every_good_file_is_taken_without_a_word(void **state)
{
    size_t failed = 0;
    (void)state;

    size_t cases = each_case("good", case_is_silent, &failed);

    assert_int_equal(failed, 0);
    assert_true(cases > 0);
}

/* shipped - etc/NAME over the fixture's. */
static void shipped(const struct fixture *f, const char *name)
{
    char path[PATH_MAX];
    size_t size = 0;
    assert_true(snprintf(path, sizeof(path), "%s/etc/%s", GW_SOURCE_DIR, name) > 0);
    char *bytes = fixture_read(path, &size);
    fixture_write(f, name, bytes, size);
    free(bytes);
}

static void the_shipped_files_pass(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    case_alone(&f);
    shipped(&f, "metrics.yaml");
    shipped(&f, "campus.yaml");
    shipped(&f, "gateway.yaml");
    shipped(&f, "devices.d/example.yaml");

    fixture_load(&f);

    char *found = fixture_faults(&f);
    assert_string_equal(found, "");
    free(found);
    const struct gw_class *class = gw_campus_class(f.campus, "2024-P-01");
    assert_string_equal(class->place_id, "b1-203");
    assert_int_equal(class->limit, 45);
    assert_int_equal(class->enrolled, 47);
    assert_true(f.config->metric_count >= 60);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bad_file_gives_exactly_its_faults),
        cmocka_unit_test(every_good_file_is_taken_without_a_word),
        cmocka_unit_test(the_shipped_files_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
