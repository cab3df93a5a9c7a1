/* seeded.c - the fault that ack_fuzz must find: the reader of acknowledgements is told of
 * more room than there is.  Linked with --wrap=contract_read_ack. */
#include "uplink/contract.h"

int __real_contract_read_ack(const void *payload, size_t size, uint64_t *ret_epoch,
                             struct gw_range *ret, size_t max);
int __wrap_contract_read_ack(const void *payload, size_t size, uint64_t *ret_epoch,
                             struct gw_range *ret, size_t max);

int __wrap_contract_read_ack(const void *payload, size_t size, uint64_t *ret_epoch,
                             struct gw_range *ret, size_t max)
{
    return __real_contract_read_ack(payload, size, ret_epoch, ret, max + 100);
}
