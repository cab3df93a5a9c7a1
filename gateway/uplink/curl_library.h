/* curl_library.h - libcurl, loaded where batches are wanted.
 *
 * It brings 18 libraries more, 1.4 MB and 12 ms at a start (measured): a school whose
 * rows go by the broker alone does not pay for them.  It is never unloaded, as a look-up
 * of a name may still run in it.  Thread: main.
 */
#ifndef UPLINK_CURL_LIBRARY_H
#define UPLINK_CURL_LIBRARY_H

#define CURL_DISABLE_TYPECHECK /* macros of the names below */
#include <curl/curl.h>

#include "gw/error.h"

/* curl_library - each as libcurl's function of the name with "curl_" before it. */
struct curl_library {
    CURLcode (*global_init)(long flags);
    void (*global_cleanup)(void);
    curl_version_info_data *(*version_info)(CURLversion age);
    CURL *(*easy_init)(void);
    CURLcode (*easy_setopt)(CURL *easy, CURLoption option, ...);
    CURLcode (*easy_getinfo)(CURL *easy, CURLINFO what, ...);
    CURLHcode (*easy_header)(CURL *easy, const char *name, size_t index, unsigned origin,
                             int request, struct curl_header **ret);
    const char *(*easy_strerror)(CURLcode code);
    void (*easy_cleanup)(CURL *easy);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_setopt)(CURLM *multi, CURLMoption option, ...);
    CURLMcode (*multi_add_handle)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_remove_handle)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_socket_action)(CURLM *multi, curl_socket_t fd, int events,
                                     int *ret_running);
    CURLMsg *(*multi_info_read)(CURLM *multi, int *ret_left);
    CURLMcode (*multi_cleanup)(CURLM *multi);
    struct curl_slist *(*slist_append)(struct curl_slist *list, const char *line);
    void (*slist_free_all)(struct curl_slist *list);
};

/* curl_library_load - returns 0, or -ENOENT and why not */
int curl_library_load(struct curl_library *ret, struct gw_error *err);

#endif
