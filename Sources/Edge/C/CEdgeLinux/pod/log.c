// Container logs in the format of the CRI: "<RFC 3339 time> stdout F line", P for a part of a line.
#define _GNU_SOURCE
#include "pod.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

int pod_log_open(struct pod_log *log)
{
    struct stat status;
    int fd = edge_openat(log->directory, log->name, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0640);
    if (fd < 0)
        return fd;
    pod_log_close(log);
    log->fd = fd;
    log->size = fstat(fd, &status) == 0 ? (uint64_t)status.st_size : 0;
    return 0;
}

void pod_log_close(struct pod_log *log)
{
    if (log->fd >= 0)
        close(log->fd);
    log->fd = -1;
}

static void numbered(char *path, size_t size, const struct pod_log *log, uint32_t number)
{
    struct edge_text text = {path, path + size};
    edge_append(&text, log->name);
    edge_append(&text, ".");
    edge_append_number(&text, number, 1);
}

/// 0.log becomes 0.log.1, which becomes 0.log.2, and so on; the oldest is overwritten.
static void rotate(struct pod_log *log)
{
    char from[sizeof log->name + 16], to[sizeof log->name + 16];
    for (uint32_t number = log->files - 1; number > 1; number--) {
        numbered(from, sizeof from, log, number - 1);
        numbered(to, sizeof to, log, number);
        renameat(log->directory, from, log->directory, to);
    }
    numbered(to, sizeof to, log, 1);
    if (log->files > 1)
        renameat(log->directory, log->name, log->directory, to);
    else
        unlinkat(log->directory, log->name, 0);
    if (pod_log_open(log) < 0)
        log->size = 0; // goes on in the old file and tries again when that has doubled
}

/// Gregorian date of a day since 1970, by eras of 400 years that begin on the 1st of March.
static void append_date(struct edge_text *text, int64_t days)
{
    int64_t shifted = days + 719468, era = shifted / 146097, day_of_era = shifted - era * 146097;
    int64_t year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year + year / 4 - year / 100), month = (5 * day_of_year + 2) / 153;
    edge_append_number(text, (uint64_t)(year + era * 400 + (month >= 10)), 4);
    edge_append(text, "-");
    edge_append_number(text, (uint64_t)(month < 10 ? month + 3 : month - 9), 2);
    edge_append(text, "-");
    edge_append_number(text, (uint64_t)(day_of_year - (153 * month + 2) / 5 + 1), 2);
}

enum { PREFIX = 64, BATCH = 32 };

static size_t prefix(char *bytes, uint64_t now, bool error_output, bool partial)
{
    struct edge_text text = {bytes, bytes + PREFIX};
    uint64_t seconds = now / 1000000000u, time = seconds % 86400;
    append_date(&text, (int64_t)(seconds / 86400));
    edge_append(&text, "T");
    edge_append_number(&text, time / 3600, 2);
    edge_append(&text, ":");
    edge_append_number(&text, time / 60 % 60, 2);
    edge_append(&text, ":");
    edge_append_number(&text, time % 60, 2);
    edge_append(&text, ".");
    edge_append_number(&text, now % 1000000000u, 9);
    edge_append(&text, error_output ? "Z stderr " : "Z stdout ");
    edge_append(&text, partial ? "P " : "F ");
    return (size_t)(text.at - bytes);
}

struct batch {
    char prefixes[BATCH][PREFIX];
    struct iovec parts[BATCH * 3];
    int count, lines;
    size_t size;
};

/// A full or broken disk loses lines; it never stops the container.
static void flush(struct pod_log *log, struct batch *batch)
{
    if (batch->count > 0 && log->fd >= 0) {
        if (log->limit > 0 && log->size > 0 && log->size + batch->size > log->limit)
            rotate(log);
        if (writev(log->fd, batch->parts, batch->count) > 0)
            log->size += batch->size;
    }
    batch->count = batch->lines = 0;
    batch->size = 0;
}

static void add(struct batch *batch, const void *bytes, size_t size)
{
    batch->parts[batch->count++] = (struct iovec){(void *)bytes, size};
    batch->size += size;
}

static void add_line(struct pod_log *log, struct batch *batch, bool error_output, const uint8_t *line, size_t size,
    bool partial)
{
    char *text = batch->prefixes[batch->lines++];
    add(batch, text, prefix(text, pod_now(), error_output, partial));
    add(batch, line, size);
    add(batch, "\n", 1);
    if (batch->lines == BATCH)
        flush(log, batch);
}

/// Returns how many bytes at the end belong to a line that has not ended.
uint32_t pod_log_lines(struct pod_log *log, bool error_output, const uint8_t *bytes, size_t count, bool ending)
{
    struct batch batch;
    batch.count = batch.lines = 0;
    batch.size = 0;
    while (count > 0) {
        size_t window = count < POD_LINE + 1 ? count : POD_LINE + 1;
        const uint8_t *newline = memchr(bytes, '\n', window);
        size_t line = newline ? (size_t)(newline - bytes) : count < POD_LINE ? count : POD_LINE;
        // A line that just fills the limit may still get its newline.
        if (!newline && count <= POD_LINE && !ending)
            break;
        add_line(log, &batch, error_output, bytes, line, !newline);
        bytes += line + (newline != NULL);
        count -= line + (newline != NULL);
    }
    flush(log, &batch);
    return (uint32_t)count;
}
