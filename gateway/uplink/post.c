#include "uplink/post.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "gw/broker.h"
#include "uplink/curl_library.h"
#include "uplink/gzip.h"

enum {
    CONNECT_MS = 20000, /* name, TCP and TLS */
    WHOLE_MS = 180000,
    SILENT_S = 30, /* not a byte, in either direction */
    LIFE_S = 3600, /* of a connection that is used again */
    EVENTS = 8,
    URL_MAX = 1024,
};

/* libcurl adds the system's CAs unless it is given another folder. */
static const char no_folder[] = "/nonexistent";

struct post {
    struct curl_library curl;
    const struct county_config *config;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *headers;
    struct curl_slist *gzip_headers; /* the same, and that a body is packed */
    struct strbuf answer;
    char fault[CURL_ERROR_SIZE];
    char url[URL_MAX];
    int epoll;
    int64_t timer_us; /* INT64_MAX: libcurl waits for a descriptor */
    bool has_begun;   /* libcurl is there */
    bool is_busy;
};

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *own)
{
    (void)easy, (void)own;
    const struct post *p = ctx;
    struct epoll_event event = {.data.fd = fd};
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
        event.events |= EPOLLIN;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
        event.events |= EPOLLOUT;
    if (what == CURL_POLL_REMOVE)
        return epoll_ctl(p->epoll, EPOLL_CTL_DEL, fd, &event) == 0 || errno == EBADF
                       || errno == ENOENT
                   ? 0
                   : -1;
    if (epoll_ctl(p->epoll, EPOLL_CTL_MOD, fd, &event) == 0)
        return 0;
    return epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &event);
}

static int on_timer(CURLM *multi, long timeout_ms, void *ctx)
{
    (void)multi;
    struct post *p = ctx;
    p->timer_us =
        timeout_ms < 0 ? INT64_MAX : clock_machine_us() + timeout_ms * INT64_C(1000);
    return 0;
}

/* Fewer bytes than were given: libcurl ends the transfer. */
static size_t on_answer(char *bytes, size_t size, size_t count, void *ctx)
{
    struct post *p = ctx;
    size_t more = size * count;
    if (p->answer.used + more > POST_ANSWER_MAX)
        return 0;
    strbuf_add_bytes(&p->answer, bytes, more);
    return p->answer.has_failed ? 0 : more;
}

/* returns false when libcurl takes one of them not, or there is no memory */
static bool set_up_multi(struct post *p)
{
    p->multi = p->curl.multi_init();
    return p->multi
           && p->curl.multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, on_socket)
                  == CURLM_OK
           && p->curl.multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p) == CURLM_OK
           && p->curl.multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK
           && p->curl.multi_setopt(p->multi, CURLMOPT_TIMERDATA, p) == CURLM_OK;
}

static bool add_header(const struct post *p, struct curl_slist **list, const char *line)
{
    struct curl_slist *all = p->curl.slist_append(*list, line);
    if (all)
        *list = all;
    return all != NULL;
}

static bool set_up_headers(struct post *p)
{
    static const char *const lines[] = {
        "Content-Type: application/cloudevents-batch+json", "Accept: application/json",
        "Expect:", /* no round trip before the body */
    };
    bool is_good = true;
    for (size_t i = 0; is_good && i < sizeof(lines) / sizeof(lines[0]); i++)
        is_good = add_header(p, &p->headers, lines[i])
                  && add_header(p, &p->gzip_headers, lines[i]);
    return is_good && add_header(p, &p->gzip_headers, "Content-Encoding: gzip");
}

static CURLcode set_trust(struct post *p)
{
    const struct county_config *config = p->config;
    CURLcode r = p->curl.easy_setopt(p->easy, CURLOPT_CAPATH, no_folder);
    if (r == CURLE_OK)
        r = p->curl.easy_setopt(p->easy, CURLOPT_CAINFO, config->ca);
    if (r == CURLE_OK)
        r = p->curl.easy_setopt(p->easy, CURLOPT_SSLCERT, config->certificate);
    if (r == CURLE_OK)
        r = p->curl.easy_setopt(p->easy, CURLOPT_SSLKEY, config->key);
    if (r == CURLE_OK)
        r = p->curl.easy_setopt(p->easy, CURLOPT_SSLVERSION,
                                (long)CURL_SSLVERSION_TLSv1_2);
    if (r == CURLE_OK)
        r = p->curl.easy_setopt(p->easy, CURLOPT_SSL_VERIFYPEER, 1L);
    return r == CURLE_OK ? p->curl.easy_setopt(p->easy, CURLOPT_SSL_VERIFYHOST, 2L) : r;
}

static CURLcode set_numbers(struct post *p)
{
    static const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_POST, 1},
        {CURLOPT_FOLLOWLOCATION, 0},
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_QUICK_EXIT, 1}, /* a resolver that hangs is not waited for */
        {CURLOPT_TCP_NODELAY, 1},
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
        {CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS},
        {CURLOPT_TIMEOUT_MS, WHOLE_MS},
        {CURLOPT_CA_CACHE_TIMEOUT, 0},      /* a CA that was renewed counts at once, */
        {CURLOPT_MAXLIFETIME_CONN, LIFE_S}, /* and a certificate within the hour */
        {CURLOPT_LOW_SPEED_LIMIT, 1},
        {CURLOPT_LOW_SPEED_TIME, SILENT_S},
    };
    CURLcode r = CURLE_OK;
    for (size_t i = 0; r == CURLE_OK && i < sizeof(numbers) / sizeof(numbers[0]); i++)
        r = p->curl.easy_setopt(p->easy, numbers[i].option, numbers[i].value);
    return r;
}

static CURLcode set_strings(struct post *p)
{
    const struct {
        CURLoption option;
        const char *value;
    } strings[] = {
        {CURLOPT_URL, p->url},
        {CURLOPT_PROTOCOLS_STR, "https,http"}, /* which of them, the check has said */
        {CURLOPT_PROXY, ""},
        {CURLOPT_USERAGENT, "campus-gateway/" GW_VERSION},
    };
    CURLcode r = CURLE_OK;
    for (size_t i = 0; r == CURLE_OK && i < sizeof(strings) / sizeof(strings[0]); i++)
        r = p->curl.easy_setopt(p->easy, strings[i].option, strings[i].value);
    return r;
}

static bool set_up_easy(struct post *p)
{
    p->easy = p->curl.easy_init();
    return p->easy && set_numbers(p) == CURLE_OK && set_strings(p) == CURLE_OK
           && set_trust(p) == CURLE_OK && set_up_headers(p)
           && p->curl.easy_setopt(p->easy, CURLOPT_ERRORBUFFER, p->fault) == CURLE_OK
           && p->curl.easy_setopt(p->easy, CURLOPT_WRITEFUNCTION, on_answer) == CURLE_OK
           && p->curl.easy_setopt(p->easy, CURLOPT_WRITEDATA, p) == CURLE_OK;
}

/* {url}/campus/v1/{division}/{school}/{gateway}/batch: as a topic. */
static bool write_url(struct post *p)
{
    const char *base = p->config->batch.url;
    size_t size = strlen(base);
    while (size > 0 && base[size - 1] == '/')
        size--;
    int used =
        snprintf(p->url, sizeof(p->url), "%.*s/campus/v1/%s/%s/%s/batch", (int)size, base,
                 p->config->division, p->config->school, p->config->gateway);
    return used < (int)sizeof(p->url);
}

/* As far as it goes; what is there afterwards, post_free() ends. */
static int set_up(struct post *p, struct gw_error *err)
{
    int r = curl_library_load(&p->curl, err);
    if (r < 0)
        return r;
    if (!(p->curl.version_info(CURLVERSION_NOW)->features & CURL_VERSION_ASYNCHDNS))
        return gw_fail(err, -ENOTSUP,
                       "county.batch: this libcurl looks names up in the caller's thread "
                       "(wanted: one with AsynchDNS)");
    (void)p->curl.global_init(CURL_GLOBAL_DEFAULT); /* counted */
    p->has_begun = true;
    bool is_good = p->epoll >= 0 && write_url(p) && set_up_multi(p) && set_up_easy(p);
    return is_good
               ? 0
               : gw_fail(err, -EIO, "county.batch: libcurl does not take what is set");
}

int post_new(const struct county_config *config, struct post **ret, struct gw_error *err)
{
    struct post *p = calloc(1, sizeof(*p));
    if (!p)
        return gw_fail(err, -ENOMEM, "county.batch: out of memory");
    p->config = config;
    p->timer_us = INT64_MAX;
    p->epoll = epoll_create1(EPOLL_CLOEXEC);
    int r = set_up(p, err);
    if (r < 0) {
        post_free(p);
        return r;
    }
    *ret = p;
    return 0;
}

static void end_curl(struct post *p)
{
    post_abort(p);
    p->curl.easy_cleanup(p->easy);
    (void)p->curl.multi_cleanup(p->multi);
    p->curl.slist_free_all(p->headers);
    p->curl.slist_free_all(p->gzip_headers);
    p->curl.global_cleanup();
}

struct post *post_free(struct post *p)
{
    if (!p)
        return NULL;
    if (p->has_begun)
        end_curl(p);
    strbuf_free(&p->answer);
    if (p->epoll >= 0)
        (void)close(p->epoll);
    free(p);
    return NULL;
}

/* The file is read anew for each, so that a new password needs no restart. */
static int set_login(struct post *p, struct gw_error *err)
{
    const struct county_config *config = p->config;
    char password[GW_BROKER_PASSWORD_MAX] = "";
    if (!config->user)
        return 0;
    int r = config->password_file
                ? gw_broker_password(config->password_file, password, err)
                : 0;
    if (r == 0
        && (p->curl.easy_setopt(p->easy, CURLOPT_USERNAME, config->user) != CURLE_OK
            || p->curl.easy_setopt(p->easy, CURLOPT_PASSWORD, password) != CURLE_OK))
        r = gw_fail(err, -ENOMEM, "out of memory");
    explicit_bzero(password, sizeof(password));
    return r;
}

int post_begin(struct post *p, const char *body, size_t size, bool is_gzip,
               struct gw_error *err)
{
    int r = set_login(p, err);
    if (r < 0)
        return r;
    strbuf_clear(&p->answer);
    p->fault[0] = '\0';
    if (p->curl.easy_setopt(p->easy, CURLOPT_HTTPHEADER,
                            is_gzip ? p->gzip_headers : p->headers)
            != CURLE_OK
        || p->curl.easy_setopt(p->easy, CURLOPT_POSTFIELDS, body) != CURLE_OK
        || p->curl.easy_setopt(p->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size)
               != CURLE_OK
        || p->curl.multi_add_handle(p->multi, p->easy) != CURLM_OK)
        return gw_fail(err, -EIO, "libcurl does not take the request");
    p->is_busy = true;
    return 0;
}

bool post_is_busy(const struct post *p)
{
    return p->is_busy;
}

int64_t post_wait(const struct post *p, struct pollfd *ret)
{
    *ret = (struct pollfd){.fd = p->epoll, .events = POLLIN};
    return p->timer_us;
}

static void take_events(struct post *p)
{
    struct epoll_event events[EVENTS];
    int running;
    int count = epoll_wait(p->epoll, events, EVENTS, 0);
    for (int i = 0; i < count; i++) {
        int mask = 0;
        if (events[i].events & EPOLLIN)
            mask |= CURL_CSELECT_IN;
        if (events[i].events & EPOLLOUT)
            mask |= CURL_CSELECT_OUT;
        if (events[i].events & (EPOLLERR | EPOLLHUP))
            mask |= CURL_CSELECT_ERR;
        (void)p->curl.multi_socket_action(p->multi, events[i].data.fd, mask, &running);
    }
}

static void read_reply(struct post *p, CURLcode result, struct post_reply *ret)
{
    curl_off_t retry_s = 0;
    struct curl_header *accept = NULL;
    *ret = (struct post_reply){
        .body = p->answer.used > 0 ? p->answer.text : "",
        .size = p->answer.used,
    };
    (void)p->curl.easy_getinfo(p->easy, CURLINFO_RETRY_AFTER, &retry_s);
    (void)p->curl.easy_header(p->easy, "Accept-Encoding", 0, CURLH_HEADER, -1, &accept);
    ret->takes_gzip = gzip_is_taken(accept ? accept->value : NULL);
    if (result == CURLE_OK)
        (void)p->curl.easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &ret->status);
    else if (result == CURLE_WRITE_ERROR)
        (void)snprintf(ret->why, sizeof(ret->why), "an answer of more than %d bytes",
                       POST_ANSWER_MAX);
    else
        (void)snprintf(ret->why, sizeof(ret->why), "%s",
                       p->fault[0] ? p->fault : p->curl.easy_strerror(result));
    ret->retry_after_us =
        retry_s > 0 && retry_s < INT64_MAX / 1000000 ? (int64_t)retry_s * 1000000 : 0;
}

bool post_exchange(struct post *p, short revents, struct post_reply *ret)
{
    int running;
    int left;
    if (revents)
        take_events(p);
    if (clock_machine_us() >= p->timer_us) {
        p->timer_us = INT64_MAX; /* unless it is set again in this call */
        (void)p->curl.multi_socket_action(p->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    const CURLMsg *message = p->curl.multi_info_read(p->multi, &left);
    if (!message || message->msg != CURLMSG_DONE)
        return false;
    read_reply(p, message->data.result, ret);
    post_abort(p);
    return true;
}

void post_abort(struct post *p)
{
    if (p->is_busy)
        (void)p->curl.multi_remove_handle(p->multi, p->easy);
    p->is_busy = false;
}
