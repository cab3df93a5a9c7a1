#include "uplink/curl_library.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

/* Its name in every Debian since 2006. */
static const char file[] = "libcurl.so.4";

#define SYMBOL(name)                                       \
    {                                                      \
        "curl_" #name, offsetof(struct curl_library, name) \
    }

static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
    SYMBOL(global_init),         SYMBOL(global_cleanup),      SYMBOL(version_info),
    SYMBOL(easy_init),           SYMBOL(easy_setopt),         SYMBOL(easy_getinfo),
    SYMBOL(easy_header),         SYMBOL(easy_strerror),       SYMBOL(easy_cleanup),
    SYMBOL(multi_init),          SYMBOL(multi_setopt),        SYMBOL(multi_add_handle),
    SYMBOL(multi_remove_handle), SYMBOL(multi_socket_action), SYMBOL(multi_info_read),
    SYMBOL(multi_cleanup),       SYMBOL(slist_append),        SYMBOL(slist_free_all),
};

int curl_library_load(struct curl_library *ret, struct gw_error *err)
{
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library)
        return gw_fail(err, -ENOENT, "county.batch: %s (wanted: the package libcurl4)",
                       dlerror());
    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (!symbol)
            return gw_fail(err, -ENOENT, "county.batch: %s has no %s: it is too old",
                           file, symbols[i].name);
        memcpy((char *)ret + symbols[i].offset, &symbol, sizeof(symbol));
    }
    return 0;
}
