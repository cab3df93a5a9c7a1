#include "uplink/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILE_MAX = 256 * 1024, COPY_PATH_MAX = 32 };

/* copy - one file as it was read, in a sealed file of memory.
 * path  "" = there is none */
struct copy {
    int fd;
    char path[COPY_PATH_MAX];
    int64_t end_us;
};

struct credentials {
    struct copy copies[CREDENTIALS];
};

/* reading - a set as it comes in.
 * text  of the file at hand, ended by NUL; its first NUL is its end, too */
struct reading {
    const char *const *files;
    char *text;
    size_t size;
    X509 *certificate;
    EVP_PKEY *key;
};

const char *credential_name(enum credential which)
{
    static const char *const names[CREDENTIALS] = {"ca", "certificate", "key"};
    return names[which];
}

static int read_file(struct reading *in, const char *path, struct gw_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return gw_fail(err, -errno, "'%s': %s", path, strerror(errno));
    in->size = 0;
    ssize_t n = 1;
    while (n > 0 && in->size < FILE_MAX) {
        n = read(fd, in->text + in->size, FILE_MAX - in->size);
        if (n > 0)
            in->size += (size_t)n;
    }
    int r = n < 0 ? gw_fail(err, -errno, "'%s': %s", path, strerror(errno)) : 0;
    (void)close(fd);
    if (r == 0 && in->size == FILE_MAX)
        r = gw_fail(err, -EINVAL, "'%s' has %d KiB or more (allowed: a file in PEM form)",
                    path, FILE_MAX / 1024);
    in->text[in->size] = '\0';
    return r;
}

static int no_pem(const struct reading *in, enum credential which, struct gw_error *err)
{
    const char *line = which == CREDENTIAL_KEY ? "PRIVATE KEY-----" : "CERTIFICATE-----";
    ERR_clear_error();
    if (!strstr(in->text, line))
        return gw_fail(err, -EINVAL,
                       "'%s' has no line with '%s' (allowed: a file in PEM form)",
                       in->files[which], line);
    return gw_fail(err, -EINVAL,
                   "'%s' is cut short or broken after a line with '%s' (allowed: a whole "
                   "file in PEM form)",
                   in->files[which], line);
}

static int64_t end_of(const X509 *certificate)
{
    struct tm tm = {0};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &tm) != 1)
        return INT64_MAX;
    return (int64_t)timegm(&tm) * 1000000;
}

/* All of a file: *ret_first is its first; the end is the last of theirs. */
static bool read_certificates(BIO *bio, X509 **ret_first, int64_t *ret_end_us)
{
    X509 *next = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    *ret_first = next;
    *ret_end_us = INT64_MIN;
    while (next) {
        int64_t end_us = end_of(next);
        if (end_us > *ret_end_us)
            *ret_end_us = end_us;
        if (next != *ret_first)
            X509_free(next);
        next = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    }
    bool is_whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    return *ret_first && is_whole;
}

static int no_password(char *buffer, int size, int is_writing, void *ctx)
{
    (void)buffer;
    (void)size;
    (void)is_writing;
    *(bool *)ctx = true;
    return -1;
}

static int parse_key(struct reading *in, BIO *bio, struct gw_error *err)
{
    bool has_password = false;
    in->key = PEM_read_bio_PrivateKey(bio, NULL, no_password, &has_password);
    if (in->key)
        return 0;
    if (!has_password)
        return no_pem(in, CREDENTIAL_KEY, err);
    ERR_clear_error();
    return gw_fail(err, -EINVAL,
                   "'%s' has a password (allowed: a key without one, mode 0600)",
                   in->files[CREDENTIAL_KEY]);
}

static int parse_certificates(struct reading *in, enum credential which, BIO *bio,
                              int64_t *ret_end_us, struct gw_error *err)
{
    X509 *first = NULL;
    bool is_read = read_certificates(bio, &first, ret_end_us);
    if (is_read && which == CREDENTIAL_CERTIFICATE) {
        *ret_end_us = end_of(first);
        in->certificate = first;
        return 0;
    }
    X509_free(first);
    return is_read ? 0 : no_pem(in, which, err);
}

static int parse(struct reading *in, enum credential which, int64_t *ret_end_us,
                 struct gw_error *err)
{
    BIO *bio = BIO_new_mem_buf(in->text, (int)in->size);
    if (!bio)
        return gw_fail(err, -ENOMEM, "out of memory");
    int r = which == CREDENTIAL_KEY ? parse_key(in, bio, err)
                                    : parse_certificates(in, which, bio, ret_end_us, err);
    BIO_free(bio);
    return r;
}

static int keep(struct copy *copy, const struct reading *in, struct gw_error *err)
{
    copy->fd = memfd_create("county", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (copy->fd < 0 || write(copy->fd, in->text, in->size) != (ssize_t)in->size
        || fchmod(copy->fd, S_IRUSR) < 0
        || fcntl(copy->fd, F_ADD_SEALS,
                 F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)
               < 0)
        return gw_fail(err, -ENOMEM, "out of memory");
    (void)snprintf(copy->path, sizeof(copy->path), "/proc/self/fd/%d", copy->fd);
    return 0;
}

static int take_in(struct reading *in, enum credential which, struct copy *copy,
                   struct gw_error *err)
{
    if (!in->files[which])
        return 0;
    int r = read_file(in, in->files[which], err);
    if (r == 0)
        r = parse(in, which, &copy->end_us, err);
    return r == 0 ? keep(copy, in, err) : r;
}

static int match(const struct reading *in, struct gw_error *err)
{
    if (!in->certificate || !in->key
        || X509_check_private_key(in->certificate, in->key) == 1)
        return 0;
    ERR_clear_error();
    return gw_fail(
        err, -EINVAL,
        "'%s' is not for the key in '%s' (allowed: the certificate and the key "
        "that its request was made with)",
        in->files[CREDENTIAL_CERTIFICATE], in->files[CREDENTIAL_KEY]);
}

static int read_all(struct credentials *c, struct reading *in, enum credential *ret_bad,
                    struct gw_error *err)
{
    in->text = malloc(FILE_MAX + 1);
    if (!in->text)
        return gw_fail(err, -ENOMEM, "out of memory");
    int r = 0;
    for (int i = 0; r == 0 && i < CREDENTIALS; i++) {
        *ret_bad = (enum credential)i;
        r = take_in(in, *ret_bad, &c->copies[i], err);
    }
    explicit_bzero(in->text, FILE_MAX);
    free(in->text);
    if (r < 0)
        return r;
    *ret_bad = CREDENTIAL_CERTIFICATE;
    return match(in, err);
}

int credentials_read(const char *const files[CREDENTIALS], struct credentials **ret,
                     enum credential *ret_bad, struct gw_error *err)
{
    struct credentials *c = calloc(1, sizeof(*c));
    *ret_bad = CREDENTIAL_CA;
    if (!c)
        return gw_fail(err, -ENOMEM, "out of memory");
    for (int i = 0; i < CREDENTIALS; i++)
        c->copies[i] = (struct copy){.fd = -1, .end_us = INT64_MAX};
    struct reading in = {.files = files};
    int r = read_all(c, &in, ret_bad, err);
    X509_free(in.certificate);
    EVP_PKEY_free(in.key);
    if (r < 0) {
        (void)credentials_free(c);
        return r;
    }
    *ret = c;
    return 0;
}

struct credentials *credentials_free(struct credentials *c)
{
    if (!c)
        return NULL;
    for (int i = 0; i < CREDENTIALS; i++)
        if (c->copies[i].fd >= 0)
            (void)close(c->copies[i].fd);
    free(c);
    return NULL;
}

const char *credentials_path(const struct credentials *c, enum credential which)
{
    return c->copies[which].path[0] ? c->copies[which].path : NULL;
}

int64_t credentials_end_us(const struct credentials *c, enum credential *ret_which)
{
    enum credential first = CREDENTIAL_CERTIFICATE;
    if (c->copies[CREDENTIAL_CA].end_us < c->copies[first].end_us)
        first = CREDENTIAL_CA;
    if (ret_which)
        *ret_which = first;
    return c->copies[first].end_us;
}
