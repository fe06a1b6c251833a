// Command octavo is a notes web app that people run themselves. This package only starts it; cli holds the commands, and
// ARCHITECTURE.md shows the way around.
package main

//go:generate go tool ent generate --target ./ent/gen --feature sql/upsert,sql/lock,sql/modifier,sql/execquery,intercept,privacy ./ent/schema
//go:generate go tool templ generate ./views
