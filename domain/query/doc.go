// Package query is the grammar of searches: what somebody types (Parse), which notes it finds (Query.Matches), which of them
// come first (Query.Ranked), and what is shown of them (Query.Snippet). Every database's index agrees with it.
package query
