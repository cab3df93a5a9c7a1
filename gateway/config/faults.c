#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/language.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "config/chinese.h"
#include "config/schema.h"

/* After so many the list only counts: nobody reads on, and memory stays bounded. */
enum { FAULTS_MAX = 1000, FAULT_TEXT_MAX = 1024, FAULT_LINE_MAX = 8192 };

/* Of one slip in many cells of a table so many are told, then the cells of the others. */
enum { ALIKE_MAX = 4, CELLS_MAX = 60 };

struct fault {
    struct config_mark mark;
    const char *path;
    const char *text;
    bool is_warning;
    bool is_chinese; /* its text is; the word before it is of the same language */
    const char *format;
    size_t order;
};

struct config_faults {
    struct arena *arena;
    struct fault *items[FAULTS_MAX];
    size_t count;
    size_t errors;
    size_t warnings;
    bool is_chinese;
    bool is_logged;
};

int config_faults_new(struct config_faults **ret)
{
    struct config_faults *f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    f->is_chinese = language_is_chinese();
    int r = arena_new(&f->arena);
    if (r < 0) {
        config_faults_free(f);
        return r;
    }
    *ret = f;
    return 0;
}

struct config_faults *config_faults_free(struct config_faults *f)
{
    if (!f)
        return NULL;
    arena_free(f->arena);
    free(f);
    return NULL;
}

bool config_faults_is_chinese(const struct config_faults *f)
{
    return f->is_chinese;
}

const char *config_faults_say(const struct config_faults *f, const char *english)
{
    return f->is_chinese ? chinese_format(english) : english;
}

void config_faults_speak(struct config_faults *f, bool is_chinese)
{
    f->is_chinese = is_chinese;
}

void config_faults_log(struct config_faults *f)
{
    f->is_logged = true;
}

size_t config_faults_errors(const struct config_faults *f)
{
    return f->errors;
}

size_t config_faults_warnings(const struct config_faults *f)
{
    return f->warnings;
}

/* faults_has - the same was said of the same place: a template used by many devices. */
static bool faults_has(const struct config_faults *f, struct config_mark mark,
                       const char *text)
{
    if (!mark.file)
        return false;
    for (size_t i = 0; i < f->count; i++) {
        const struct fault *old = f->items[i];
        if (old->mark.line == mark.line && old->mark.column == mark.column
            && strcmp(old->mark.file, mark.file) == 0 && strcmp(old->text, text) == 0)
            return true;
    }
    return false;
}

static void faults_keep(struct config_faults *f, const struct fault *said)
{
    struct fault *kept = arena_alloc(f->arena, sizeof(*kept));
    if (!kept)
        return;
    *kept = *said;
    kept->order = f->count;
    kept->path = arena_string(f->arena, said->path ? said->path : "");
    kept->text = arena_string(f->arena, said->text);
    kept->mark.file = arena_string(f->arena, said->mark.file ? said->mark.file : "");
    if (kept->path && kept->text && kept->mark.file)
        f->items[f->count++] = kept;
}

/* is_said_in_chinese - by its translation, or as the caller wrote it, who says "%s". */
static bool is_said_in_chinese(const struct config_faults *f, const char *format,
                               const char *told)
{
    return f->is_chinese && (told != format || strcmp(format, "%s") == 0);
}

void config_vfault(struct config_faults *f, struct config_mark mark, const char *path,
                   bool is_warning, const char *format, va_list args)
{
    char text[FAULT_TEXT_MAX];
    const char *told = config_faults_say(f, format);

    if (vsnprintf(text, sizeof(text), told, args) < 0)
        return;
    text_mend(text);
    if (faults_has(f, mark, text))
        return;
    if (f->count < FAULTS_MAX)
        faults_keep(f,
                    &(struct fault){.mark = mark,
                                    .path = path,
                                    .text = text,
                                    .is_warning = is_warning,
                                    .format = format,
                                    .is_chinese = is_said_in_chinese(f, format, told)});
    if (is_warning)
        f->warnings++;
    else
        f->errors++;
}

void config_fault(struct config_faults *f, struct config_mark mark, const char *path,
                  const char *format, ...)
{
    va_list args;
    va_start(args, format);
    config_vfault(f, mark, path, false, format, args);
    va_end(args);
}

void config_warning(struct config_faults *f, struct config_mark mark, const char *path,
                    const char *format, ...)
{
    va_list args;
    va_start(args, format);
    config_vfault(f, mark, path, true, format, args);
    va_end(args);
}

static int fault_order(const void *a, const void *b)
{
    const struct fault *x = *(struct fault *const *)a;
    const struct fault *y = *(struct fault *const *)b;
    int order = strcmp(x->mark.file, y->mark.file);
    if (order == 0)
        order = x->mark.line - y->mark.line;
    if (order == 0)
        order = x->mark.column - y->mark.column;
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

static bool is_of_table(const struct fault *fault)
{
    const char *dot = strrchr(fault->mark.file, '.');
    return dot && strcmp(dot, ".csv") == 0;
}

static const char *fault_text(const struct fault *fault, bool is_logged)
{
    static const char hidden[] =
        "--check tells what is wrong here; the log does not, for it may be a name";
    if (!is_logged || !is_of_table(fault))
        return fault->text;
    return fault->is_chinese ? chinese_format(hidden) : hidden;
}

/* Cut where @size ends. */
static const char *fault_format(const struct fault *fault, bool is_logged, char *ret,
                                size_t size)
{
    const char *warning = fault->is_chinese ? "提醒: " : "warning: ";
    const char *path = is_logged && is_of_table(fault) ? "" : fault->path;
    int used = 0;
    if (*fault->mark.file)
        used = snprintf(ret, size, "%s:%d:%d: ", fault->mark.file, fault->mark.line,
                        fault->mark.column);
    if (used >= 0 && (size_t)used < size)
        (void)snprintf(ret + used, size - (size_t)used, "%s%s%s%s",
                       fault->is_warning ? warning : "", path, *path ? ": " : "",
                       fault_text(fault, is_logged));
    return ret;
}

/* is_of - its file is one of @names, NULL = of all; a name with a folder is the whole
 * path. */
static bool is_of(const struct fault *fault, const char *const *names)
{
    const char *slash = strrchr(fault->mark.file, '/');
    const char *name = slash ? slash + 1 : fault->mark.file;
    for (size_t i = 0; names && names[i]; i++)
        if (strcmp(names[i], strchr(names[i], '/') ? fault->mark.file : name) == 0)
            return true;
    return !names;
}

/* In the order of files and lines; the caller frees.  NULL = out of memory */
static const struct fault **faults_sorted(const struct config_faults *f)
{
    const struct fault **sorted = calloc(f->count + 1, sizeof(struct fault *));
    if (!sorted)
        return NULL;
    memcpy(sorted, f->items, f->count * sizeof(struct fault *));
    qsort(sorted, f->count, sizeof(struct fault *), fault_order);
    return sorted;
}

/* is_alike - the same slip in two cells of a table: a column that was filled down. */
static bool is_alike(const struct fault *a, const struct fault *b)
{
    bool is_said = strcmp(a->format, "%s") == 0;
    return a->format == b->format && a->is_warning == b->is_warning
           && strcmp(a->mark.file, b->mark.file) == 0 && is_of_table(a)
           && (!is_said || strcmp(a->text, b->text) == 0);
}

/* alike_before - how many of sorted[0 .. @at) are like sorted[@at]. */
static size_t alike_before(const struct fault *const *sorted, size_t at)
{
    size_t alike = 0;
    for (size_t i = 0; i < at && alike <= ALIKE_MAX; i++)
        alike += is_alike(sorted[at], sorted[i]);
    return alike;
}

/* cells_alike - the cells ("B6" of classes.B6) of sorted[@at] and all behind it that are
 * like it; returns how many. */
static size_t cells_alike(const struct fault *const *sorted, size_t count, size_t at,
                          struct strbuf *ret)
{
    size_t alike = 0;
    for (size_t i = at; i < count; i++) {
        if (!is_alike(sorted[at], sorted[i]))
            continue;
        const char *dot = strrchr(sorted[i]->path, '.');
        const char *comma = sorted[at]->is_chinese ? "、" : ", ";
        if (alike < CELLS_MAX)
            strbuf_format(ret, "%s%s", alike > 0 ? comma : "",
                          dot ? dot + 1 : sorted[i]->path);
        alike++;
    }
    if (alike > CELLS_MAX)
        strbuf_format(ret, "…");
    return alike;
}

/* print_alike - sorted[@at], the first of those that are not told one by one. */
static void print_alike(const struct config_faults *f, const struct fault *const *sorted,
                        size_t at, FILE *out)
{
    char line[FAULT_LINE_MAX];
    struct strbuf cells = {0};
    struct strbuf text = {0};
    struct fault rest = *sorted[at];
    size_t count = cells_alike(sorted, f->count, at, &cells);
    static const char more[] = "%zu more cells are like those above: %s";
    strbuf_format(&text, rest.is_chinese ? chinese_format(more) : more, count,
                  cells.text ? cells.text : "");
    if (count > 1 && text.text)
        rest.text = text.text;
    fprintf(out, "%s\n", fault_format(&rest, f->is_logged, line, sizeof(line)));
    strbuf_free(&cells);
    strbuf_free(&text);
}

void config_faults_print_of(const struct config_faults *f, const char *const *names,
                            FILE *out)
{
    char line[FAULT_LINE_MAX];
    const struct fault **sorted = faults_sorted(f);
    if (!sorted) {
        fprintf(out, "out of memory while listing the faults\n");
        return;
    }
    for (size_t i = 0; i < f->count; i++) {
        size_t alike = is_of(sorted[i], names) ? alike_before(sorted, i) : SIZE_MAX;
        if (alike < ALIKE_MAX)
            fprintf(out, "%s\n",
                    fault_format(sorted[i], f->is_logged, line, sizeof(line)));
        else if (alike == ALIKE_MAX)
            print_alike(f, sorted, i, out);
    }
    if (!names && f->errors + f->warnings > f->count)
        fprintf(out, "and %zu more\n", f->errors + f->warnings - f->count);
    free(sorted);
}

void config_faults_print(const struct config_faults *f, FILE *out)
{
    config_faults_print_of(f, NULL, out);
}

size_t config_faults_errors_of(const struct config_faults *f, const char *const *names)
{
    size_t errors = f->errors + f->warnings - f->count;
    for (size_t i = 0; i < f->count; i++)
        errors += !f->items[i]->is_warning && is_of(f->items[i], names);
    return errors;
}

size_t config_faults_each_error(const struct config_faults *f, size_t max,
                                void (*each)(void *ctx, const char *line), void *ctx)
{
    char line[FAULT_LINE_MAX];
    const struct fault **sorted = faults_sorted(f);
    size_t told = 0;
    for (size_t i = 0; sorted && i < f->count && told < max; i++)
        if (!sorted[i]->is_warning) {
            each(ctx, fault_format(sorted[i], true, line, sizeof(line)));
            told++;
        }
    free(sorted);
    return f->errors - told;
}
