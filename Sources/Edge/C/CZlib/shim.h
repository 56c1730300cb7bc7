// zlib, for the header compression of SPDY/3.1. Linked from the system's libz (static: libz.a of zlib1g-dev).
#ifndef EDGE_CZLIB_SHIM_H
#define EDGE_CZLIB_SHIM_H
#include <zlib.h>
#endif
