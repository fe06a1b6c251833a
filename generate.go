// Command octavo is a notes web app that people run themselves. This package only starts it; cli holds the commands, and
// ARCHITECTURE.md shows the way around.
package main

//go:generate go tool ent generate --target ./ent/gen --feature sql/execquery ./ent/schema
//go:generate go tool templ generate -path ./views
