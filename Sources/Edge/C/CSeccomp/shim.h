#ifndef CSECCOMP_SHIM_H
#define CSECCOMP_SHIM_H

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>

// The actions are macros with arguments, which Swift does not import.
static inline uint32_t edge_seccomp_errno(uint16_t error) { return SCMP_ACT_ERRNO(error); }
static inline uint32_t edge_seccomp_allow(void) { return SCMP_ACT_ALLOW; }

// A comparison of one argument (the variadic helper macros are not imported either).
static inline struct scmp_arg_cmp edge_seccomp_compare(unsigned argument, enum scmp_compare op, uint64_t a, uint64_t b)
{
    return (struct scmp_arg_cmp){.arg = argument, .op = op, .datum_a = a, .datum_b = b};
}

#endif
