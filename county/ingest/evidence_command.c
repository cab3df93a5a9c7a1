#include "ingest/evidence_command.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "ingest/evidence_check.h"

enum { REFUSED = -1, HOLDS = 0, FAULT = 1, FAILED = 2 };

struct evidence_options {
    const char *database;
    const char *gateway;
    const char *month;
    const char *output;
    const char *epoch;
    const char *seq;
};

static const struct option long_options[] = {
    {"database", required_argument, NULL, 'd'},
    {"gateway", required_argument, NULL, 'g'},
    {"month", required_argument, NULL, 'm'},
    {"output", required_argument, NULL, 'o'},
    {"epoch", required_argument, NULL, 'e'},
    {"seq", required_argument, NULL, 's'},
    {0},
};

static int complain(const struct gw_error *err)
{
    (void)fprintf(stderr, "campus-county: %s\n", err->text);
    return FAILED;
}

static bool read_options(int argc, char *argv[], struct evidence_options *o)
{
    optind = 1;
    for (;;) {
        switch (getopt_long(argc, argv, "o:", long_options, NULL)) {
        case -1:
            return true;
        case 'd':
            o->database = optarg;
            break;
        case 'g':
            o->gateway = optarg;
            break;
        case 'm':
            o->month = optarg;
            break;
        case 'o':
            o->output = optarg;
            break;
        case 'e':
            o->epoch = optarg;
            break;
        case 's':
            o->seq = optarg;
            break;
        default:
            return false;
        }
    }
}

/* --- evidence -------------------------------------------------------------------------
 */

/* wanted - the newest body of the month, as it was stored.
 * epoch, seq  of its message; 0 = any
 * names       "epoch …, seq …" of each that was found
 * is_one      all that were found say the same */
struct wanted {
    int32_t month;
    uint64_t epoch;
    uint64_t seq;
    char *body;
    unsigned char digest[CANONICAL_DIGEST];
    struct strbuf names;
    bool is_one;
};

static bool is_wanted(const struct wanted *w, const struct evidence_document *file)
{
    return file->month == w->month && (w->epoch == 0 || file->epoch == w->epoch)
           && (w->seq == 0 || file->seq == w->seq);
}

static int keep_file(void *ctx, const char *body, size_t size)
{
    struct wanted *w = ctx;
    struct evidence_document file;
    struct gw_error unheard;
    if (evidence_document_read(body, size, &file, &unheard) < 0)
        return 0;
    if (is_wanted(w, &file)) {
        w->is_one =
            !w->body
            || (w->is_one && memcmp(w->digest, file.digest, CANONICAL_DIGEST) == 0);
        strbuf_format(&w->names, "%sepoch %" PRIu64 ", seq %" PRIu64, w->body ? "; " : "",
                      file.epoch, file.seq);
        memcpy(w->digest, file.digest, CANONICAL_DIGEST);
        free(w->body);
        w->body = strndup(body, size);
    }
    evidence_document_clear(&file);
    return 0;
}

/* What somebody kept may be the only proof: it is never written over. */
static int write_file(const char *path, const char *body, struct gw_error *err)
{
    FILE *out = path ? fopen(path, "wxe") : stdout;
    if (!out && errno == EEXIST)
        return gw_fail(err, -EEXIST, "--output '%s': there is such a file already", path);
    if (!out)
        return gw_fail(err, -errno, "'%s': %s", path, strerror(errno));
    bool is_written = fprintf(out, "%s\n", body) > 0 && fflush(out) == 0;
    if (path && fclose(out) != 0)
        is_written = false;
    return is_written ? 0
                      : gw_fail(err, -EIO, "'%s': cannot be written",
                                path ? path : "standard output");
}

static int read_wanted(const struct evidence_options *o, struct wanted *ret,
                       struct gw_error *err)
{
    if (evidence_month_read(o->month, &ret->month) < 0)
        return gw_fail(err, -EINVAL, "--month '%s': must be YYYY-MM", o->month);
    if (o->epoch && !text_to_positive(o->epoch, &ret->epoch))
        return gw_fail(err, -EINVAL, "--epoch '%s': must be a number from 1", o->epoch);
    if (o->seq && !text_to_positive(o->seq, &ret->seq))
        return gw_fail(err, -EINVAL, "--seq '%s': must be a number from 1", o->seq);
    return 0;
}

static int find_wanted(const struct evidence_options *o, struct archive *archive,
                       struct wanted *ret, struct gw_error *err)
{
    const struct archive_query query = {.gateway = o->gateway,
                                        .types = {"campus.evidence.v1"}};
    int r = archive_read(archive, &query, keep_file, ret, err);
    if (r == 0 && !ret->body)
        r = gw_fail(err, -ENOENT, "no file of evidence of '%s' for %s", o->gateway,
                    o->month);
    if (r == 0 && !ret->is_one) {
        char *names = strbuf_take(&ret->names);
        r = gw_fail(err, -EEXIST,
                    "several files of evidence of '%s' for %s: choose one with --epoch "
                    "and --seq (%s)",
                    o->gateway, o->month, names ? names : "");
        free(names);
    }
    return r;
}

static int hand_out(const struct evidence_options *o)
{
    struct gw_error err;
    struct archive *archive = NULL;
    struct wanted wanted = {0};
    int r = read_wanted(o, &wanted, &err);
    if (r == 0)
        r = archive_open_to_read(o->database, &archive, &err);
    if (r == 0)
        r = find_wanted(o, archive, &wanted, &err);
    if (r == 0)
        r = write_file(o->output, wanted.body, &err);
    free(wanted.body);
    strbuf_free(&wanted.names);
    archive_close(archive);
    return r == 0 ? HOLDS : complain(&err);
}

/* --- verify ---------------------------------------------------------------------------
 */

static void print_part(void *ctx, const char *part, enum evidence_verdict verdict,
                       const char *text)
{
    static const char *const verdicts[] = {
        [EVIDENCE_HOLDS] = "holds",
        [EVIDENCE_OPEN] = "open",
        [EVIDENCE_FAULT] = "DOES NOT HOLD",
    };
    const struct evidence_document *d = ctx;
    (void)printf("%s %s: %s: %s: %s\n", evidence_document_text(d, "month"), d->gateway,
                 part, verdicts[verdict], text);
}

/* One byte more than is allowed is read, so that it shows. */
static int read_file(const char *path, char **ret, size_t *ret_size, struct gw_error *err)
{
    FILE *in = fopen(path, "re");
    if (!in)
        return gw_fail(err, -errno, "'%s': %s", path, strerror(errno));
    char *bytes = malloc(MESSAGE_SIZE_MAX + 1);
    int r = bytes ? 0 : gw_fail(err, -ENOMEM, "'%s': out of memory", path);
    if (bytes)
        *ret_size = fread(bytes, 1, MESSAGE_SIZE_MAX + 1, in);
    if (r == 0 && ferror(in))
        r = gw_fail(err, -EIO, "'%s': cannot be read", path);
    (void)fclose(in);
    if (r < 0)
        free(bytes);
    else
        *ret = bytes;
    return r;
}

static int verify_file(const char *path, struct archive *archive)
{
    struct gw_error err;
    struct gw_error fault;
    struct evidence_document document;
    char *bytes = NULL;
    size_t size = 0;
    int r = read_file(path, &bytes, &size, &err);
    if (r < 0)
        return complain(&err);
    r = evidence_document_read(bytes, size, &document, &fault);
    free(bytes);
    if (r < 0) {
        (void)gw_fail(&err, r, "'%s': %s", path, fault.text);
        return complain(&err);
    }
    const struct evidence_report report = {&document, print_part};
    r = evidence_verify(&document, archive, &report, &err);
    evidence_document_clear(&document);
    return r < 0 ? complain(&err) : r;
}

static int verify(const char *database, char *const *files, int count)
{
    struct gw_error err;
    struct archive *archive = NULL;
    if (archive_open_to_read(database, &archive, &err) < 0)
        return complain(&err);
    int status = HOLDS;
    for (int i = 0; i < count; i++) {
        int one = verify_file(files[i], archive);
        status = one > status ? one : status;
    }
    archive_close(archive);
    return status;
}

int evidence_command(int argc, char *argv[])
{
    struct evidence_options o = {0};
    if (!read_options(argc, argv, &o) || !o.database)
        return REFUSED;
    if (strcmp(argv[0], "verify") == 0)
        return !o.gateway && !o.month && !o.output && !o.epoch && !o.seq && optind < argc
                   ? verify(o.database, argv + optind, argc - optind)
                   : REFUSED;
    return o.gateway && o.month && optind == argc ? hand_out(&o) : REFUSED;
}
