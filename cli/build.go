package cli

import (
	"crypto/rand"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// build returns a text that another build of the program doesn't have, whatever its version: the checksum of its file. Where
// that can't be read, no other process has it.
func build() string {
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli)) // in hardware: the file has some tens of megabytes
	path, err := os.Executable()
	if err != nil {
		return rand.Text()
	}
	file, err := os.Open(path)
	if err != nil {
		return rand.Text()
	}
	defer func() { _ = file.Close() }()
	size, err := io.Copy(sum, file)
	if err != nil {
		return rand.Text()
	}
	return fmt.Sprintf("%s %d %08x", version, size, sum.Sum32())
}
