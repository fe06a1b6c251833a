package backend

// What SQLite can do with a connection, and the driver has no word for.

// #cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup
//
// int sqlite3_db_config(void *db, int option, ...);
// int sqlite3_auto_extension(void (*)(void));
// void sqlite3_interrupt(void *db);
//
// enum { enable_qpsg = 1007 };
//
// static _Thread_local void *last_opened;
//
// static void *get_last_opened(void) { return last_opened; }
//
// static int opened(void *db)
// {
//     last_opened = db;
//     return sqlite3_db_config(db, enable_qpsg, 1, (void *)0);
// }
//
// static int watch(void) { return sqlite3_auto_extension((void (*)(void))opened); }
import "C"

import "unsafe"

// SQLite's own "query planner stability guarantee" is on for each connection that is opened. Without it SQLite looks at the
// values that are bound to a query which sorts, leaves out duplicates or has a limit, and plans it anew for each of them,
// for all that the statement is prepared: that takes several times what running it does.
func init() {
	if C.watch() != 0 {
		panic("SQLite has no memory left")
	}
}

// handle is what SQLite knows a connection by.
type handle struct{ db unsafe.Pointer }

// lastOpened returns the connection that was opened last by this thread of the system.
func lastOpened() handle { return handle{C.get_last_opened()} }

// interrupt ends with an error what runs on the connection, which is open.
func (h handle) interrupt() { C.sqlite3_interrupt(h.db) }
