package views

// Audit is a page of what mattered to who may do what.
type Audit struct {
	Events []AuditEvent // the newest first
	Own    bool         // what concerns whoever looks at it alone
	Space  string       // or what concerns the shared space with that name, if there is one
	Days   int          // for how many they are kept
	Older  string       // the next page, or "" where there is none
}

// AuditEvent is something that happened.
type AuditEvent struct {
	What           string
	By, For        string // names, or "" where nobody is known by them
	Address        string // that the request came from, or ""
	Detail         string // for programs, or ""
	At, AtDateTime string
}
