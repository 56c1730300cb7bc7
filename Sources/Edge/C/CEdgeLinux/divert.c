// Runs before anything else of the program: the helpers are this same binary, entered under another name,
// and must neither start Swift nor touch its memory.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "edge_pod.h"

static void divert(int count, char **arguments, char **environment)
{
    (void)environment;
    if (count >= 2 && strcmp(arguments[0], EDGE_POD_NAME) == 0)
        edge_pod_main(arguments);
}

// The earliest hook there is: the C library works, no constructor has run.
__attribute__((section(".preinit_array"), used)) static void (*const divert_early)(int, char **, char **) = divert;

// Part of Swift's standard library. Weak: helpers and tests of this target do without Swift.
extern void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count) __attribute__((weak));

// A static Swift program otherwise looks itself up in /proc, and aborts where that is not mounted. Setting a
// variable moves the environment, next to which Swift searches for the arguments: it is told where they are.
__attribute__((constructor(101))) static void settle_swift(int count, char **arguments)
{
    setenv("SWIFT_ROOT", "/", 0);
    if (_swift_stdlib_overrideUnsafeArgvArgc)
        _swift_stdlib_overrideUnsafeArgvArgc(arguments, count);
}
