#include "ingest/client_name.h"

#include <errno.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

static const char attribute[] = "CN=";

static int refuse(struct gw_error *err, const char *why)
{
    return gw_fail(err, -EACCES, "%s", why);
}

/* By this listener's CA alone, and made for a client. */
static int verify(gnutls_session_t session, struct gw_error *err)
{
    static char purpose[] = GNUTLS_KP_TLS_WWW_CLIENT;
    gnutls_typed_vdata_st wanted = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                    .data = (unsigned char *)purpose};
    unsigned status = 0;
    int r = gnutls_certificate_verify_peers(session, &wanted, 1, &status);
    if (r == GNUTLS_E_NO_CERTIFICATE_FOUND)
        return refuse(err, "no certificate was shown");
    if (r != GNUTLS_E_SUCCESS || status != 0)
        return refuse(err, "the certificate is none that the CA signed for a client, or "
                           "has expired");
    return 0;
}

static int read_name(gnutls_x509_crt_t certificate, char ret[CLIENT_NAME_MAX],
                     struct gw_error *err)
{
    char second[CLIENT_NAME_MAX];
    size_t size = CLIENT_NAME_MAX;
    if (gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, ret,
                                      &size)
            != GNUTLS_E_SUCCESS
        || strlen(ret) != size)
        return refuse(err, "the certificate's subject has no common name that fits");
    size = sizeof(second);
    if (gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 1, 0,
                                      second, &size)
        != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        return refuse(err, "the certificate's subject has several common names");
    return 0;
}

int client_name_of_session(gnutls_session_t session, char ret[CLIENT_NAME_MAX],
                           struct gw_error *err)
{
    unsigned count = 0;
    gnutls_x509_crt_t certificate;
    int r = verify(session, err);
    if (r < 0)
        return r;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);
    if (!chain || count == 0 || gnutls_x509_crt_init(&certificate) != GNUTLS_E_SUCCESS)
        return refuse(err, "the certificate cannot be read");
    r = gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER);
    r = r == GNUTLS_E_SUCCESS ? read_name(certificate, ret, err)
                              : refuse(err, "the certificate cannot be read");
    gnutls_x509_crt_deinit(certificate);
    return r;
}

/* The component of @subject that names, and whether there is no second one. */
static const char *find_name(const char *subject, size_t *ret_size)
{
    const char *found = NULL;
    for (const char *part = subject; *part;) {
        size_t size = strcspn(part, ",");
        if (strncmp(part, attribute, sizeof(attribute) - 1) == 0) {
            if (found)
                return NULL;
            found = part + sizeof(attribute) - 1;
            *ret_size = size - (sizeof(attribute) - 1);
        }
        part += size;
        part += strspn(part, ", ");
    }
    return found;
}

int client_name_of_subject(const char *subject, char ret[CLIENT_NAME_MAX],
                           struct gw_error *err)
{
    size_t size = strlen(subject);
    const char *name = subject;
    if (strpbrk(subject, "\\\"+#"))
        return refuse(err, "the certificate's subject is more than names");
    if (strchr(subject, '='))
        name = find_name(subject, &size);
    if (!name || size == 0 || size >= CLIENT_NAME_MAX)
        return refuse(err, "the certificate's subject has not one common name");
    memcpy(ret, name, size);
    ret[size] = '\0';
    return 0;
}

bool client_name_is_of(const char *name, const char *gateway)
{
    char expected[CLIENT_NAME_MAX];
    const char *school = strchr(gateway, '/');
    const char *own = strrchr(gateway, '/');
    if (!school || school == own)
        return false;
    school++;
    int used = snprintf(expected, sizeof(expected), "%.*s-%s", (int)(own - school),
                        school, own + 1);
    return used < (int)sizeof(expected) && strcmp(name, expected) == 0;
}
