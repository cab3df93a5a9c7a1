/* certificate_fixture.h - certificates of the tests' own, with the end that a test wants.
 */
#ifndef TESTS_CERTIFICATE_FIXTURE_H
#define TESTS_CERTIFICATE_FIXTURE_H

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

/* Signed by itself, for 127.0.0.1; its end is @left_s from now.  Owner: caller */
static inline X509 *certificate_new(EVP_PKEY *key, long left_s)
{
    X509 *x = X509_new();
    assert_non_null(x);
    assert_int_equal(X509_set_version(x, 2), 1);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(x), 1), 1);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(x), -86400));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), left_s));
    assert_int_equal(X509_set_pubkey(x, key), 1);
    X509_NAME *name = X509_get_subject_name(x);
    assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                                (const unsigned char *)"127.0.0.1", -1,
                                                -1, 0),
                     1);
    assert_int_equal(X509_set_issuer_name(x, name), 1);
    X509_EXTENSION *hosts =
        X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
    assert_non_null(hosts);
    assert_int_equal(X509_add_ext(x, hosts, -1), 1);
    X509_EXTENSION_free(hosts);
    assert_true(X509_sign(x, key, EVP_sha256()) > 0);
    return x;
}

static inline void certificate_write(const char *path, X509 *x, const char *mode)
{
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    assert_int_equal(PEM_write_X509(file, x), 1);
    assert_int_equal(fclose(file), 0);
}

static inline void key_write(const char *path, EVP_PKEY *key, const char *password)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(PEM_write_PrivateKey(file, key, password ? EVP_aes_128_cbc() : NULL,
                                          NULL, 0, NULL, (void *)(uintptr_t)password),
                     1);
    assert_int_equal(fclose(file), 0);
}

/* Both files of a new pair. */
static inline void pair_write(const char *certificate, const char *key, long left_s)
{
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    assert_non_null(pair);
    X509 *x = certificate_new(pair, left_s);
    certificate_write(certificate, x, "we");
    key_write(key, pair, NULL);
    X509_free(x);
    EVP_PKEY_free(pair);
}

#endif
