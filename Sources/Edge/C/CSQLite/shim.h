// What Swift cannot express of SQLite's interface: SQLITE_TRANSIENT is a cast, and sqlite3_config is variadic.
#ifndef EDGE_SQLITE_SHIM_H
#define EDGE_SQLITE_SHIM_H

#include <sqlite3.h>

// Binds a copy of `length` bytes of text.
static inline int edge_sqlite3_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
    return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}

// Binds bytes that stay in place until the statement is reset.
static inline int edge_sqlite3_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length) {
    return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_STATIC);
}

// Turns off the per-connection pool of small allocations (some 120 KiB), which malloc serves as well.
static inline int edge_sqlite3_disable_lookaside(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_LOOKASIDE, (void *)0, 0, 0);
}

#endif
