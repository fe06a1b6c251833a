// Command octavo is a notes app that people run themselves.
package main

import (
	"os"

	"octavo/cli"
)

func main() { os.Exit(cli.Run(os.Args[1:], os.Stdout, os.Stderr)) }
