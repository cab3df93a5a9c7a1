/* paced_line - a serial line with slaves on it, in real time, on a pseudo-terminal:
 *
 *   paced_line BAUD DEAD    prints the port to open; slaves 1..247 but DEAD answer any
 * read of registers at once
 *
 * Every character takes its ten bits (8N1); one side talks at a time; a slave answers 3.5
 * characters after a request has ended (1.75 ms above 19200 bit/s).  A request that
 * begins before the line was silent for so long is counted as early and held back.
 *
 * A line on stdin: prints what was since the last one as JSON and begins anew.  limit_s
 * is the time that the answered requests take on a line that is never idle. Source:
 * MODBUS over Serial Line V1.02, sections 2.5.1.1 and 2.3.1. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST = 8, ANSWER_MAX = 260, BITS = 10, UNIT_MAX = 247, TEXT_MAX = 64 };

static const int64_t second_ns = 1000000000;

/* Times in ns.  line: when the last character has ended, on either side.
 * due      when the next character of the answer has come through */
static struct line {
    int fd;
    int terminal; /* kept open: no hang-up while nobody has the port */
    int64_t character;
    int64_t silence;
    unsigned dead;
    int64_t end;
    int64_t due;
    uint8_t request[REQUEST];
    size_t asked;
    uint8_t answer[ANSWER_MAX];
    size_t size;
    size_t sent;
} line;

static struct figures {
    int64_t begun;
    int64_t limit;
    uint64_t requests;
    uint64_t answers;
    uint64_t early;
} figures;

static int64_t now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * second_ns + t.tv_nsec;
}

static unsigned crc_of(const uint8_t *bytes, size_t size)
{
    unsigned crc = 0xffff;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
    }
    return crc;
}

/* Puts the answer to the request that ended at line.end on its way. */
static void begin_answer(void)
{
    const uint8_t *q = line.request;
    unsigned count = (unsigned)(q[4] << 8 | q[5]);
    bool is_read = (q[1] == 3 || q[1] == 4) && count >= 1 && count <= 125;
    if (crc_of(q, REQUEST) != 0 || !is_read || q[0] == line.dead || q[0] > UNIT_MAX)
        return;
    line.answer[0] = q[0];
    line.answer[1] = q[1];
    line.answer[2] = (uint8_t)(2 * count);
    for (unsigned i = 0; i < count; i++) {
        unsigned value = (unsigned)(q[2] << 8 | q[3]) + i;
        line.answer[3 + 2 * i] = (uint8_t)(value >> 8);
        line.answer[4 + 2 * i] = (uint8_t)value;
    }
    line.size = 3 + 2 * count;
    unsigned crc = crc_of(line.answer, line.size);
    line.answer[line.size++] = (uint8_t)crc;
    line.answer[line.size++] = (uint8_t)(crc >> 8);
    line.sent = 0;
    line.due = line.end + line.silence + line.character;
    figures.answers++;
    figures.limit += (REQUEST + (int64_t)line.size) * line.character + 2 * line.silence;
}

/* Bytes of the master: they are on the line from now on, one after the other. */
static void take_request(void)
{
    uint8_t bytes[REQUEST];
    ssize_t n = read(line.fd, bytes, REQUEST - line.asked);
    if (n <= 0)
        return;
    int64_t t = now();
    if (line.asked == 0) {
        bool is_early = line.end > 0 && t < line.end + line.silence;
        figures.requests++;
        figures.early += is_early;
        line.size = 0; /* who talks over an answer does not hear it */
        line.end = is_early ? line.end + line.silence : t;
    }
    memcpy(line.request + line.asked, bytes, (size_t)n);
    line.asked += (size_t)n;
    line.end += n * line.character;
    if (line.asked == REQUEST) {
        line.asked = 0;
        begin_answer();
    }
}

/* Hands over every character that has come through.  returns when the next one will */
static int64_t hand_over(void)
{
    int64_t t = now();
    while (line.sent < line.size && line.due <= t) {
        size_t first = line.sent;
        while (line.sent < line.size && line.due <= t) {
            line.sent++;
            line.end = line.due;
            line.due += line.character;
        }
        ssize_t n = write(line.fd, line.answer + first, line.sent - first);
        (void)n; /* a master that does not read loses them, as on a wire */
    }
    return line.sent < line.size ? line.due : t + second_ns;
}

static void tell_figures(void)
{
    int64_t t = now();
    printf("{\"seconds\":%.6f,\"limit_s\":%.6f,\"requests\":%llu,\"answers\":%llu,"
           "\"early\":%llu}\n",
           (double)(t - figures.begun) / 1e9, (double)figures.limit / 1e9,
           (unsigned long long)figures.requests, (unsigned long long)figures.answers,
           (unsigned long long)figures.early);
    (void)fflush(stdout);
    figures = (struct figures){.begun = t};
}

static int open_line(unsigned baud)
{
    char port[TEXT_MAX];
    struct termios raw = {0};
    cfmakeraw(&raw);
    raw.c_cflag |= CS8 | CREAD | CLOCAL;
    if (openpty(&line.fd, &line.terminal, port, &raw, NULL) < 0
        || fcntl(line.fd, F_SETFL, O_NONBLOCK) < 0)
        return -1;
    line.character = second_ns * BITS / baud;
    line.silence = baud > 19200 ? 1750000 : line.character * 7 / 2;
    printf("%s\n", port);
    return fflush(stdout);
}

/* A wire does not wait for a busy processor.  Without the right to it the line is only
 * less exact: its own delays count against the gateway. */
static void be_punctual(void)
{
    const struct sched_param priority = {.sched_priority = 1};
    (void)prctl(PR_SET_TIMERSLACK, 1L); /* else every character may be 50 us late */
    (void)sched_setscheduler(0, SCHED_FIFO, &priority);
}

int main(int argc, char **argv)
{
    char text[TEXT_MAX];
    if (argc != 3) {
        fprintf(stderr, "usage: %s BAUD DEAD\n", argv[0]);
        return 2;
    }
    line.dead = (unsigned)strtoul(argv[2], NULL, 10);
    be_punctual();
    if (open_line((unsigned)strtoul(argv[1], NULL, 10)) < 0)
        return 1;
    figures.begun = now();
    for (;;) {
        int64_t left = hand_over() - now();
        struct timespec limit = {left / second_ns, left % second_ns};
        struct pollfd fds[] = {{.fd = line.fd, .events = POLLIN},
                               {.fd = STDIN_FILENO, .events = POLLIN}};
        if (left <= 0 || ppoll(fds, 2, &limit, NULL) <= 0)
            continue;
        if (fds[0].revents & POLLIN)
            take_request();
        if (fds[1].revents && !fgets(text, sizeof(text), stdin))
            return 0;
        if (fds[1].revents)
            tell_figures();
    }
}
