package backend

// SQLite's own "query planner stability guarantee" for each connection that is opened. Without it SQLite looks at the
// values that are bound to a query which sorts, leaves out duplicates or has a limit, and plans it anew for each of them,
// for all that the statement is prepared: that takes several times what running it does. The driver has no word for it.

// #cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup
//
// int sqlite3_db_config(void *db, int option, ...);
// int sqlite3_auto_extension(void (*)(void));
//
// enum { enable_qpsg = 1007 };
//
// static int keep_plans(void *db) { return sqlite3_db_config(db, enable_qpsg, 1, (void *)0); }
// static int keep_all_plans(void) { return sqlite3_auto_extension((void (*)(void))keep_plans); }
import "C"

func init() {
	if C.keep_all_plans() != 0 {
		panic("SQLite has no memory left")
	}
}
