package memory_test

import (
	"testing"

	"octavo/domain"
	"octavo/domain/domaintest"
	"octavo/memory"
)

func TestStoreKeepsTheContract(t *testing.T) {
	domaintest.Run(t, func(*testing.T) domain.Store { return memory.New() })
}

func TestBlobsKeepTheContract(t *testing.T) {
	domaintest.RunBlobs(t, func(*testing.T) domain.Blobs { return new(memory.Blobs) })
}
