// Flat bytes that Swift writes and C reads, and back: launch plans and the messages of the pod helper.
// Numbers are native-endian, since both ends are one binary's generations on one host. A string is its
// length, its bytes, a NUL and padding to four bytes.
#ifndef EDGE_WIRE_H
#define EDGE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct edge_reader {
    const uint8_t *at, *end;
    /// Set when something did not fit: numbers read as 0 and strings as "" from then on.
    bool bad;
};
uint32_t edge_read_u32(struct edge_reader *reader);
uint64_t edge_read_u64(struct edge_reader *reader);
const char *edge_read_string(struct edge_reader *reader);
const uint8_t *edge_read_bytes(struct edge_reader *reader, uint32_t *size);

struct edge_writer {
    uint8_t *at, *end;
    bool bad;
};
void edge_write_u32(struct edge_writer *writer, uint32_t value);
void edge_write_u64(struct edge_writer *writer, uint64_t value);
void edge_write_string(struct edge_writer *writer, const char *string);

/// Text without stdio, whose buffers and tables would become private memory of every helper.
struct edge_text {
    char *at, *end;
};
void edge_append(struct edge_text *text, const char *string);
void edge_append_number(struct edge_text *text, uint64_t value, unsigned width);

#endif
