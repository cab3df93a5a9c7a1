/* expression_fuzz.c - a rule's conditions: translated, compiled, evaluated.
 *
 *     when \n clear \n eight bytes an input
 */
#include <math.h>

#include "fuzz.h"
#include "rules/expression.h"

static const char *const inputs[] = {"lux", "occ", "projecting"};
static const char *const parameters[] = {"low", "below"};
static const double parameter_values[] = {300, -5};
enum { INPUTS = sizeof(inputs) / sizeof(inputs[0]) };

static const struct expression_names names = {.inputs = inputs,
                                              .input_count = INPUTS,
                                              .measured = 1, /* lux */
                                              .parameters = parameters,
                                              .values = parameter_values,
                                              .parameter_count = 2};

static struct expressions *database;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    return expressions_new(&database, NULL);
}

static bool translate(const char *text, struct expression_sql *ret)
{
    struct expression_fault fault = {0};
    if (expression_translate(text, &names, ret, &fault) == 0) {
        fuzz_claim(ret->length < sizeof(ret->sql), "the SQL fits");
        fuzz_claim(ret->inputs >> INPUTS == 0, "only known inputs are used");
        return true;
    }
    fuzz_claim(fault.text[0] != '\0', "a refusal says why");
    fuzz_claim(fault.offset <= strlen(text), "a fault stands within its text");
    return false;
}

/* @values is NAN where a reading is bad; the verdict depends on nothing else. */
static void evaluate(struct expression *e, const double *values)
{
    enum verdict first[2];
    enum verdict second[2];
    expression_evaluate(e, values, INPUTS, &first[0], &first[1]);
    expression_evaluate(e, values, INPUTS, &second[0], &second[1]);
    fuzz_claim(first[0] <= VERDICT_UNKNOWN && first[1] <= VERDICT_UNKNOWN,
               "true, false or unknown");
    fuzz_claim(first[0] == second[0] && first[1] == second[1],
               "the same values give the same verdict");
}

static void compile(const char *when, const char *clear, struct fuzz_input *in)
{
    static struct expression_sql sql[2];
    struct expression *e = NULL;
    struct expression_fault fault = {0};
    bool is_clear = false;
    if (!translate(when, &sql[0]) || (*clear && !translate(clear, &sql[1])))
        return;
    if (expression_new(database, &sql[0], *clear ? &sql[1] : NULL, &e, &fault, &is_clear)
        < 0) {
        fuzz_claim(fault.offset <= strlen(is_clear ? clear : when),
                   "a fault stands within its text");
        return;
    }
    static const double unknown[INPUTS] = {NAN, NAN, NAN};
    double values[INPUTS] = {299.5, 12, 0};
    for (size_t i = 0; i < INPUTS && in->left >= sizeof(values[0]); i++) {
        memcpy(&values[i], in->at, sizeof(values[0]));
        in->at += sizeof(values[0]);
        in->left -= sizeof(values[0]);
    }
    evaluate(e, values);
    evaluate(e, unknown);
    expression_free(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input in = {(const char *)bytes, size};
    char *when = fuzz_line(&in);
    char *clear = fuzz_line(&in);
    compile(when, clear, &in);
    free(when);
    free(clear);
    return 0;
}
