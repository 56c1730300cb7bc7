#include "wire.h"

#include <string.h>

static const uint8_t *take(struct edge_reader *reader, size_t size)
{
    if (reader->bad || (size_t)(reader->end - reader->at) < size) {
        reader->bad = true;
        return NULL;
    }
    const uint8_t *start = reader->at;
    reader->at += size;
    return start;
}

uint32_t edge_read_u32(struct edge_reader *reader)
{
    uint32_t value = 0;
    const uint8_t *bytes = take(reader, sizeof value);
    if (bytes)
        memcpy(&value, bytes, sizeof value);
    return value;
}

uint64_t edge_read_u64(struct edge_reader *reader)
{
    uint64_t value = 0;
    const uint8_t *bytes = take(reader, sizeof value);
    if (bytes)
        memcpy(&value, bytes, sizeof value);
    return value;
}

const uint8_t *edge_read_bytes(struct edge_reader *reader, uint32_t *size)
{
    *size = edge_read_u32(reader);
    const uint8_t *bytes = take(reader, ((size_t)*size + 1 + 3) & ~(size_t)3);
    if (!bytes || bytes[*size] != 0) {
        reader->bad = true;
        *size = 0;
        return (const uint8_t *)"";
    }
    return bytes;
}

const char *edge_read_string(struct edge_reader *reader)
{
    uint32_t size;
    const char *string = (const char *)edge_read_bytes(reader, &size);
    if (memchr(string, 0, (size_t)size + 1) != string + size)
        reader->bad = true;
    return string;
}

static uint8_t *reserve(struct edge_writer *writer, size_t size)
{
    if (writer->bad || (size_t)(writer->end - writer->at) < size) {
        writer->bad = true;
        return NULL;
    }
    uint8_t *start = writer->at;
    writer->at += size;
    return start;
}

void edge_write_u32(struct edge_writer *writer, uint32_t value)
{
    uint8_t *bytes = reserve(writer, sizeof value);
    if (bytes)
        memcpy(bytes, &value, sizeof value);
}

void edge_write_u64(struct edge_writer *writer, uint64_t value)
{
    uint8_t *bytes = reserve(writer, sizeof value);
    if (bytes)
        memcpy(bytes, &value, sizeof value);
}

void edge_write_string(struct edge_writer *writer, const char *string)
{
    size_t size = strlen(string), padded = (size + 1 + 3) & ~(size_t)3;
    edge_write_u32(writer, (uint32_t)size);
    uint8_t *bytes = reserve(writer, padded);
    if (!bytes)
        return;
    memset(bytes, 0, padded);
    memcpy(bytes, string, size);
}

void edge_append(struct edge_text *text, const char *string)
{
    while (*string && text->at + 1 < text->end)
        *text->at++ = *string++;
    *text->at = 0;
}

void edge_append_number(struct edge_text *text, uint64_t value, unsigned width)
{
    char digits[24], *start = digits + sizeof digits;
    *--start = 0;
    do {
        *--start = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0 || (unsigned)(digits + sizeof digits - 1 - start) < width);
    edge_append(text, start);
}
