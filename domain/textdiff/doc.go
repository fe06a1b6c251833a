// Package textdiff tells what differs between two texts (Comparer), and brings together what two people made of one
// (Merge), by line and by word, without ever making a value that nobody wrote.
package textdiff
