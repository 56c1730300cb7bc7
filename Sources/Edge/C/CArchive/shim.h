// libarchive, and the few system calls that unpacking a layer needs and that Swift's Glibc module lacks.
// Callers enable single formats and filters (archive_read_support_format_tar, ..._filter_gzip,
// ..._filter_zstd), never the *_all functions: a static link then needs no more than z and zstd.
#ifndef EDGE_CARCHIVE_SHIM_H
#define EDGE_CARCHIVE_SHIM_H

// Types such as timespec must stay Glibc's in Swift's eyes, not become this module's: with the module imported
// first, the include guards leave out what it has.
#ifdef __swift__
#pragma clang module import SwiftGlibc
#endif

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

// Behind _GNU_SOURCE in the headers, which an importer of this module need not define.
extern int syncfs(int descriptor);

#define EDGE_ARCHIVE_O_PATH 010000000

// makedev is a macro.
static inline int edge_archive_mknodat(int directory, const char *name, unsigned mode, unsigned major_number,
                                       unsigned minor_number)
{
    return mknodat(directory, name, (mode_t)mode, makedev(major_number, minor_number));
}

static inline int edge_archive_syncfs(int descriptor)
{
    return syncfs(descriptor);
}

static inline int edge_archive_fsetxattr(int descriptor, const char *name, const void *value, size_t size)
{
    return fsetxattr(descriptor, name, value, size, 0);
}

static inline int edge_archive_lsetxattr(const char *path, const char *name, const void *value, size_t size)
{
    return lsetxattr(path, name, value, size, 0);
}

static inline ssize_t edge_archive_fgetxattr(int descriptor, const char *name, void *value, size_t size)
{
    return fgetxattr(descriptor, name, value, size);
}

static inline ssize_t edge_archive_flistxattr(int descriptor, char *names, size_t size)
{
    return flistxattr(descriptor, names, size);
}

// Variadic in C: sets the error that archive_error_string then tells.
static inline void edge_archive_fail(struct archive *archive, int code)
{
    archive_set_error(archive, code, "source failed");
}

#endif
