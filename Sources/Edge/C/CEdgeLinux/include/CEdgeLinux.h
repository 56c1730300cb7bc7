// What edge needs of Linux that Swift cannot say itself: system calls without a usable wrapper, the spawning
// of processes, and everything that runs between clone and exec or outside Swift altogether.
#ifndef CEDGELINUX_H
#define CEDGELINUX_H

#include "edge_launch.h"
#include "edge_pod.h"
#include "edge_spawn.h"
#include "edge_syscall.h"

#endif
