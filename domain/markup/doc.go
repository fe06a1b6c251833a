// Package markup says what a text says beyond its words: its title and its excerpt, tags, links, tasks, files, formulas and
// front matter, and every mark that the renderer shows (Reading). What rewrites a text is here too: ticking a box, renaming
// a tag, and having links follow a title.
package markup
