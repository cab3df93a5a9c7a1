#include "uplink/evidence_key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file: the seed in base64 and a line feed. */
enum {
    PATH_SIZE = 600,
    SEED = crypto_sign_SEEDBYTES,
    TEXT_SIZE = EVIDENCE_KEY_TEXT_MAX, /* with the line feed */
    BASE64 = sodium_base64_VARIANT_ORIGINAL,
};

static void path_of(const char *folder, const char *suffix, char ret[PATH_SIZE])
{
    (void)snprintf(ret, PATH_SIZE, "%.500s/" EVIDENCE_KEY_FILE "%s", folder, suffix);
}

static int cannot(const char *path, int code, const char *what, struct gw_error *err)
{
    return gw_fail(err, code, "'%s' cannot be %s: %s", path, what, strerror(-code));
}

static void use_seed(const unsigned char seed[SEED], struct evidence_key *ret)
{
    (void)crypto_sign_seed_keypair(ret->public_key, ret->secret, seed);
}

/* A FIFO of that name would hold up the start for ever.  returns the descriptor,
 * -EBADMSG: no regular file, or -errno */
static int open_key(const char *path, struct gw_error *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return cannot(path, -errno, "read", err);
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        return fd;
    (void)close(fd);
    return gw_fail(err, -EBADMSG, "'%s' holds no key: it is no regular file", path);
}

/* returns 0, -EBADMSG: no key stands there, or -errno */
static int read_key(const char *path, struct evidence_key *ret, struct gw_error *err)
{
    char text[TEXT_SIZE + 1];
    unsigned char seed[SEED];
    size_t used = 0;
    int fd = open_key(path, err);
    if (fd < 0)
        return fd;
    ssize_t size = read(fd, text, sizeof(text));
    int r = size < 0 ? cannot(path, -errno, "read", err) : 0;
    if (r == 0 && fchmod(fd, 0600) < 0)
        r = cannot(path, -errno, "closed to others", err);
    (void)close(fd);
    if (r == 0
        && (size != TEXT_SIZE || text[TEXT_SIZE - 1] != '\n'
            || sodium_base642bin(seed, sizeof(seed), text, TEXT_SIZE - 1, NULL, &used,
                                 NULL, BASE64)
                   != 0
            || used != sizeof(seed)))
        r = gw_fail(err, -EBADMSG, "'%s' holds no key", path);
    if (r == 0)
        use_seed(seed, ret);
    sodium_memzero(text, sizeof(text));
    sodium_memzero(seed, sizeof(seed));
    return r;
}

static int write_all(const char *path, const char *text)
{
    (void)unlink(path); /* half of one of before, or what would hold up the opening */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    int r = 0;
    errno = EIO; /* of a write that is short */
    if (write(fd, text, TEXT_SIZE) != TEXT_SIZE || fsync(fd) < 0)
        r = -errno;
    (void)close(fd);
    return r;
}

/* The name is on the disk too. */
static int sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int r = fsync(fd) < 0 ? -errno : 0;
    (void)close(fd);
    return r;
}

static int make_key(const char *folder, const char *path, struct evidence_key *ret,
                    struct gw_error *err)
{
    char draft[PATH_SIZE];
    char text[TEXT_SIZE + 1];
    unsigned char seed[SEED];
    path_of(folder, ".new", draft);
    randombytes_buf(seed, sizeof(seed));
    evidence_key_text(seed, text);
    text[TEXT_SIZE - 1] = '\n';
    int r = write_all(draft, text);
    if (r == 0 && rename(draft, path) < 0)
        r = -errno;
    if (r == 0)
        r = sync_folder(folder);
    if (r == 0)
        use_seed(seed, ret);
    sodium_memzero(text, sizeof(text));
    sodium_memzero(seed, sizeof(seed));
    return r < 0 ? cannot(path, r, "written", err) : 0;
}

int evidence_key_open(const char *folder, struct evidence_key *ret, struct gw_error *err)
{
    char path[PATH_SIZE];
    char broken[PATH_SIZE];
    struct gw_error unheard;
    path_of(folder, "", path);
    path_of(folder, ".broken", broken);
    if (sodium_init() < 0)
        return gw_fail(err, -EIO, "no random numbers for a key");
    int r = read_key(path, ret, err);
    if (r == -ENOENT) {
        r = make_key(folder, path, ret, err);
        return r == 0 ? EVIDENCE_KEY_MADE : r;
    }
    if (r != -EBADMSG)
        return r;
    if (rename(path, broken) < 0)
        return cannot(path, -errno, "moved aside", err);
    r = make_key(folder, path, ret, &unheard);
    return r == 0 ? EVIDENCE_KEY_REPLACED : gw_fail(err, r, "%s", unheard.text);
}
