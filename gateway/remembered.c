#include "remembered.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 16 };

static size_t list_size(const struct campus_entry_list *list)
{
    return sizeof(*list) + list->count * sizeof(list->items[0]);
}

static size_t size_of(const struct operation *operation)
{
    size_t size = sizeof(struct remembered_order);
    return operation->kind == OPERATION_LIST ? size + list_size(operation->list.list)
                                             : size;
}

static int make_room(struct remembered *r)
{
    if (r->count < r->room)
        return 0;
    size_t room = r->room ? 2 * r->room : FIRST_ROOM;
    struct remembered_order *orders = reallocarray(r->orders, room, sizeof(*orders));
    if (!orders)
        return -ENOMEM;
    r->orders = orders;
    r->room = room;
    return 0;
}

static int copy_list(struct operation *operation)
{
    size_t size = list_size(operation->list.list);
    struct campus_entry_list *copy = malloc(size);
    if (!copy)
        return -ENOMEM;
    memcpy(copy, operation->list.list, size);
    operation->list.list = copy;
    return 0;
}

static int add(struct remembered *r, const struct operation *operation, int64_t time_us)
{
    struct remembered_order order = {.operation = *operation, .time_us = time_us};
    order.operation.to = (struct outcome_to){0};
    int result = make_room(r);
    if (result == 0 && operation->kind == OPERATION_LIST)
        result = copy_list(&order.operation);
    if (result == 0)
        r->orders[r->count++] = order;
    return result;
}

int remembered_add(struct remembered *r, const struct operation *operation,
                   int64_t time_us, struct gw_error *err)
{
    size_t size = size_of(operation);
    if (size > REMEMBERED_BYTES - r->bytes)
        return gw_fail(err, -ENOSPC, "too many orders wait for the store");
    int result = add(r, operation, time_us);
    if (result < 0)
        return gw_fail(err, result, "out of memory");
    r->bytes += size;
    return 0;
}

void remembered_clock_set(struct remembered *r, int64_t delta_us)
{
    for (size_t i = 0; i < r->count; i++) {
        struct operation *o = &r->orders[i].operation;
        r->orders[i].time_us += delta_us;
        if (o->kind == OPERATION_COMMAND && o->command.until_us != GW_TIME_NONE)
            o->command.until_us += delta_us;
    }
}

void remembered_clear(struct remembered *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->orders[i].operation.kind == OPERATION_LIST)
            free(r->orders[i].operation.list.list);
    free(r->orders);
    *r = (struct remembered){0};
}
