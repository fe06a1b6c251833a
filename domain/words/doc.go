// Package words says what a word is, in every script: what searches find, and what two names are the same by.
package words
