#include "base/time_server.h"

#include <sys/stat.h>
#include <sys/timex.h>

#include "base/clock.h"

/* Source: systemd-timesyncd.service(8) */
static const char service_path[] = "/run/systemd/timesync";
static const char mark_path[] = "/run/systemd/timesync/synchronized";

int64_t time_server_mark_us(const char *path)
{
    static const int64_t second_us = 1000000;
    struct stat mark;
    if (stat(path, &mark) < 0)
        return -1;
    int64_t set_us = mark.st_mtim.tv_sec * second_us + mark.st_mtim.tv_nsec / 1000;
    int64_t age_us = clock_school_us() - set_us;
    if (age_us < -second_us)
        return TIME_SERVER_LOST_US; /* somebody has set it back since */
    int64_t error_us = age_us > 0 ? age_us / second_us * TIME_SERVER_US_A_SECOND : 0;
    return error_us < TIME_SERVER_LOST_US ? error_us : TIME_SERVER_LOST_US;
}

int64_t time_server_error_us(void)
{
    struct timex kernel = {0};
    if (clock_school_is_driven())
        return 0;
    if (adjtimex(&kernel) < 0)
        return time_server_mark_us(mark_path);
    return kernel.status & STA_UNSYNC ? TIME_SERVER_LOST_US : kernel.maxerror;
}

bool time_server_is_followed(void)
{
    int64_t error_us = time_server_error_us();
    return error_us >= 0 && error_us < TIME_SERVER_LOST_US;
}

bool time_server_is_awaited(void)
{
    struct stat found;
    return stat(service_path, &found) == 0 && stat(mark_path, &found) < 0;
}
