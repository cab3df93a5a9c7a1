#include "ingest/signer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

enum {
    VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
    SEED_TEXT = sodium_base64_ENCODED_LEN(crypto_sign_SEEDBYTES, VARIANT), /* with NUL */
    SIGNATURE_TEXT = sodium_base64_ENCODED_LEN(crypto_sign_BYTES, VARIANT),
};

struct signer {
    char name[SIGNER_NAME_MAX];
    char public_text[SIGNER_PUBLIC_MAX];
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
};

static int crypto_ready(struct gw_error *err)
{
    return sodium_init() < 0 ? gw_fail(err, -EIO, "libsodium does not start") : 0;
}

/* "county-" and the first eight hex digits of the public half. */
static void derive(const unsigned char seed[crypto_sign_SEEDBYTES], struct signer *s)
{
    unsigned char half[crypto_sign_PUBLICKEYBYTES];
    char digits[9];
    (void)crypto_sign_seed_keypair(half, s->secret, seed);
    (void)sodium_bin2base64(s->public_text, sizeof(s->public_text), half, sizeof(half),
                            sodium_base64_VARIANT_ORIGINAL);
    (void)sodium_bin2hex(digits, sizeof(digits), half, 4);
    (void)snprintf(s->name, sizeof(s->name), "county-%s", digits);
}

/* The first line of @path.  returns 0 or -errno */
static int read_line(const char *path, char ret[SEED_TEXT + 1], struct stat *status)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size =
        fd >= 0 && fstat(fd, status) == 0 ? read(fd, ret, (size_t)SEED_TEXT) : -1;
    int r = size < 0 ? -errno : 0;
    if (fd >= 0)
        (void)close(fd);
    ret[size < 0 ? 0 : size] = '\0';
    ret[strcspn(ret, "\r\n")] = '\0';
    return r;
}

static int read_seed(const char *path, unsigned char ret[crypto_sign_SEEDBYTES],
                     struct gw_error *err)
{
    char text[SEED_TEXT + 1];
    struct stat status = {0};
    size_t size = 0;
    int r = read_line(path, text, &status);
    if (r < 0)
        r = gw_fail(err, r, "command key '%s': %s", path, strerror(-r));
    else if (status.st_mode & S_IRWXO)
        r = gw_fail(err, -EACCES, "command key '%s': others may read it (mode 0600)",
                    path);
    else if (sodium_base642bin(ret, crypto_sign_SEEDBYTES, text, strlen(text), NULL,
                               &size, NULL, VARIANT)
                 != 0
             || size != crypto_sign_SEEDBYTES)
        r = gw_fail(err, -EINVAL,
                    "command key '%s': must be one line as --make-command-key writes it",
                    path);
    sodium_memzero(text, sizeof(text));
    return r;
}

int signer_new(const char *path, struct signer **ret, struct gw_error *err)
{
    unsigned char seed[crypto_sign_SEEDBYTES];
    int r = crypto_ready(err);
    if (r == 0)
        r = read_seed(path, seed, err);
    struct signer *s = r == 0 ? calloc(1, sizeof(*s)) : NULL;
    if (s)
        derive(seed, s);
    else if (r == 0)
        r = gw_fail(err, -ENOMEM, "command key '%s': out of memory", path);
    sodium_memzero(seed, sizeof(seed));
    if (r == 0)
        *ret = s;
    return r;
}

struct signer *signer_free(struct signer *s)
{
    if (s)
        sodium_memzero(s, sizeof(*s));
    free(s);
    return NULL;
}

static int write_line(int fd, const char *text)
{
    size_t size = strlen(text);
    if (write(fd, text, size) != (ssize_t)size || fsync(fd) < 0)
        return errno ? -errno : -EIO;
    return 0;
}

int signer_make(const char *path, struct gw_error *err)
{
    unsigned char seed[crypto_sign_SEEDBYTES];
    char text[SEED_TEXT + 1];
    int r = crypto_ready(err);
    if (r < 0)
        return r;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return gw_fail(err, -errno, "command key '%s': %s", path, strerror(errno));
    randombytes_buf(seed, sizeof(seed));
    (void)sodium_bin2base64(text, SEED_TEXT, seed, sizeof(seed), VARIANT);
    text[SEED_TEXT - 1] = '\n';
    text[SEED_TEXT] = '\0';
    errno = 0;
    r = write_line(fd, text);
    (void)close(fd);
    sodium_memzero(seed, sizeof(seed));
    sodium_memzero(text, sizeof(text));
    if (r < 0)
        (void)unlink(path);
    return r < 0 ? gw_fail(err, r, "command key '%s': %s", path, strerror(-r)) : 0;
}

const char *signer_name(const struct signer *s)
{
    return s->name;
}

const char *signer_public(const struct signer *s)
{
    return s->public_text;
}

char *signer_sign(const struct signer *s, const char *payload)
{
    unsigned char signature[crypto_sign_BYTES];
    char signed_text[SIGNATURE_TEXT];
    size_t size = strlen(payload);
    size_t room = sodium_base64_encoded_len(size, VARIANT);
    char *text = malloc(room);
    struct strbuf out = {0};
    if (!text)
        return NULL;
    (void)crypto_sign_detached(signature, NULL, (const unsigned char *)payload, size,
                               s->secret);
    (void)sodium_bin2base64(signed_text, sizeof(signed_text), signature,
                            sizeof(signature), VARIANT);
    (void)sodium_bin2base64(text, room, (const unsigned char *)payload, size, VARIANT);
    strbuf_format(&out, "{\"payload\":\"%s\",\"key\":\"%s\",\"signature\":\"%s\"}", text,
                  s->name, signed_text);
    free(text);
    return strbuf_take(&out);
}

static json_t *ranges_json(const struct range_set *ranges)
{
    json_t *list = json_array();
    for (size_t i = 0; i < ranges->count; i++)
        (void)json_array_append_new(list,
                                    json_pack("[I, I]", (json_int_t)ranges->items[i].from,
                                              (json_int_t)ranges->items[i].to));
    return list;
}

char *signer_replay(const struct signer *s, const struct signer_replay *order)
{
    const char *last = strrchr(order->gateway, '/');
    char expires[CLOCK_TEXT_MAX];
    clock_format(order->expires_us, 0, expires);
    json_t *json = json_pack(
        "{s:s, s:I, s:s, s:s, s:o, s:o}", "gateway", last ? last + 1 : order->gateway,
        "seq", (json_int_t)order->seq, "expires", expires, "do", "replay", "epoch",
        json_sprintf("%" PRIu64, order->epoch), "ranges", ranges_json(order->ranges));
    char *payload = json ? json_dumps(json, JSON_COMPACT) : NULL;
    char *text = payload ? signer_sign(s, payload) : NULL;
    free(payload);
    json_decref(json);
    return text;
}
