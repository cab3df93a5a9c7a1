#include "ingest/gone.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"

bool gone_is_told(const char *type)
{
    return strcmp(type, "campus.unavailable.v1") == 0
           || strcmp(type, "campus.dropped.v1") == 0;
}

int gone_read(const json_t *body, uint64_t *ret_epoch, struct range_set *ret,
              struct gw_error *err)
{
    const json_t *data = json_object_get(body, "data");
    const json_t *ranges = json_object_get(data, "ranges");
    uint64_t own_epoch = 0;
    uint64_t last = UINT64_MAX;
    if (!text_to_positive(json_string_value(json_object_get(data, "epoch")), ret_epoch))
        return gw_fail(err, -EINVAL, "/data/epoch: more than 63 bits");
    if (text_to_positive(json_string_value(json_object_get(body, "epoch")), &own_epoch)
        && own_epoch == *ret_epoch)
        last = (uint64_t)json_integer_value(json_object_get(body, "seq")) - 1;
    for (size_t i = 0; i < json_array_size(ranges); i++) {
        const json_t *range = json_array_get(ranges, i);
        struct archive_range r = {
            (uint64_t)json_integer_value(json_array_get(range, 0)),
            (uint64_t)json_integer_value(json_array_get(range, 1)),
        };
        if (r.from > r.to)
            return gw_fail(err, -EINVAL,
                           "/data/ranges/%zu: from %" PRIu64 " back to %" PRIu64, i,
                           r.from, r.to);
        r.to = r.to < last ? r.to : last;
        if (r.from <= r.to && range_set_join(ret, r) < 0)
            return gw_fail(err, -ENOMEM, "out of memory");
    }
    return 0;
}
