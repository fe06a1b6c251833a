package domaintest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"octavo/domain"
)

// RunBlobs tests that what open returns keeps the promises of domain.Blobs. open is called for each promise with that
// test's t and returns new and empty blobs.
func RunBlobs(t *testing.T, open func(t *testing.T) domain.Blobs) {
	promises := []struct {
		name string
		test func(*testing.T, domain.Blobs)
	}{
		{"a content comes back under its hash", blobRoundTrip},
		{"a content can be read from any place on", blobSeeks},
		{"a content may be put again, and at once", blobAgain},
		{"as much as the limit is kept, and nothing of what is more", blobLimit},
		{"what isn't admitted isn't kept", blobAdmission},
		{"nothing is kept of what is cut off", blobCutOff},
		{"a removed content is gone", blobRemove},
		{"a content that has been put again since isn't removed", blobRemoveBefore},
		{"what is no hash of anything isn't there", blobUnknown},
		{"an ended context stops a call", blobContext},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) { p.test(t, open(t)) })
	}
}

func hashOf(content string) domain.FileHash {
	sum := sha256.Sum256([]byte(content))
	return domain.FileHash(hex.EncodeToString(sum[:]))
}

func putBlob(t *testing.T, blobs domain.Blobs, content string) domain.FileHash {
	t.Helper()
	hash, size, err := blobs.Put(t.Context(), strings.NewReader(content), domain.MaxFile, nil)
	must(t, err)
	wantEqual(t, hash, hashOf(content))
	wantEqual(t, size, int64(len(content)))
	return hash
}

func wantBlob(t *testing.T, blobs domain.Blobs, content string) {
	t.Helper()
	r, err := blobs.Open(t.Context(), hashOf(content))
	must(t, err)
	got, err := io.ReadAll(r)
	must(t, err)
	must(t, r.Close())
	if string(got) != content {
		t.Errorf("got another content of %d bytes, want %d", len(got), len(content))
	}
}

func wantNoBlob(t *testing.T, blobs domain.Blobs, hash domain.FileHash) {
	t.Helper()
	_, err := blobs.Open(t.Context(), hash)
	wantKind(t, err, domain.NotFound)
}

func blobRoundTrip(t *testing.T, blobs domain.Blobs) {
	contents := []string{"hello", "", "\x00\xff\r\n", strings.Repeat("0123456789abcdef", 1<<16)}
	for _, content := range contents {
		wantNoBlob(t, blobs, hashOf(content))
		putBlob(t, blobs, content)
	}
	for _, content := range contents {
		wantBlob(t, blobs, content)
	}
}

func blobSeeks(t *testing.T, blobs domain.Blobs) {
	r, err := blobs.Open(t.Context(), putBlob(t, blobs, "hello, world"))
	must(t, err)
	other, err := blobs.Open(t.Context(), hashOf("hello, world"))
	must(t, err)
	size, err := r.Seek(0, io.SeekEnd)
	must(t, err)
	wantEqual(t, size, 12)
	_, err = r.Seek(7, io.SeekStart)
	must(t, err)
	got, err := io.ReadAll(r)
	must(t, err)
	wantEqual(t, string(got), "world")
	got, err = io.ReadAll(other) // which has a place of its own
	must(t, err)
	wantEqual(t, string(got), "hello, world")
	must(t, r.Close())
	must(t, other.Close())
}

func blobAgain(t *testing.T, blobs domain.Blobs) {
	content := strings.Repeat("again and again ", 1<<12)
	putBlob(t, blobs, content)
	open, err := blobs.Open(t.Context(), hashOf(content))
	must(t, err)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, text := range []string{content, "another"} {
				hash, _, err := blobs.Put(t.Context(), strings.NewReader(text), domain.MaxFile, nil)
				if err != nil || hash != hashOf(text) {
					t.Errorf("Put: got %s, %v", hash, err)
				}
			}
		})
	}
	wg.Wait()
	got, err := io.ReadAll(open)
	must(t, err)
	must(t, open.Close())
	wantEqual(t, len(got), len(content))
	wantBlob(t, blobs, content)
	wantBlob(t, blobs, "another")
}

func blobLimit(t *testing.T, blobs domain.Blobs) {
	_, size, err := blobs.Put(t.Context(), strings.NewReader("12345"), 5, nil)
	must(t, err)
	wantEqual(t, size, 5)
	wantBlob(t, blobs, "12345")
	for _, more := range []string{"67890x", strings.Repeat("67890", 1<<16)} {
		_, _, err = blobs.Put(t.Context(), strings.NewReader(more), 5, nil)
		wantKind(t, err, domain.TooLarge)
		for _, kept := range []string{more, more[:5], more[:6]} {
			wantNoBlob(t, blobs, hashOf(kept))
		}
	}
}

func blobAdmission(t *testing.T, blobs domain.Blobs) {
	put := func(content string, err error) error {
		_, _, got := blobs.Put(t.Context(), strings.NewReader(content), 5, func(hash domain.FileHash, size int64) error {
			wantEqual(t, hash, hashOf(content))
			wantEqual(t, size, int64(len(content)))
			return err
		})
		return got
	}
	if err := put("12345", errOnPurpose); !errors.Is(err, errOnPurpose) {
		t.Errorf("got error %v, want the one of who doesn't admit it", err)
	}
	wantNoBlob(t, blobs, hashOf("12345"))
	must(t, put("12345", nil))
	wantBlob(t, blobs, "12345")
	if err := put("12345", errOnPurpose); !errors.Is(err, errOnPurpose) {
		t.Errorf("got error %v, want the one of who doesn't admit it", err)
	}
	wantBlob(t, blobs, "12345") // as it was before
}

func blobCutOff(t *testing.T, blobs domain.Blobs) {
	part := strings.Repeat("part", 1<<14)
	cut := func() io.Reader { return io.MultiReader(strings.NewReader(part), iotest.ErrReader(errOnPurpose)) }
	_, _, err := blobs.Put(t.Context(), cut(), domain.MaxFile, nil)
	if !errors.Is(err, errOnPurpose) {
		t.Errorf("got error %v, want the reader's", err)
	}
	wantNoBlob(t, blobs, hashOf(part))

	putBlob(t, blobs, part)
	if _, _, err = blobs.Put(t.Context(), cut(), domain.MaxFile, nil); err == nil {
		t.Error("what is cut off was taken")
	}
	wantBlob(t, blobs, part) // as it was before
}

func blobRemove(t *testing.T, blobs domain.Blobs) {
	later := time.Now().Add(time.Hour)
	gone, kept := putBlob(t, blobs, "gone"), putBlob(t, blobs, "kept")
	must(t, blobs.Remove(t.Context(), gone, later))
	wantNoBlob(t, blobs, gone)
	must(t, blobs.Remove(t.Context(), gone, later))
	wantBlob(t, blobs, "kept")
	putBlob(t, blobs, "gone")
	wantBlob(t, blobs, "gone")
	must(t, blobs.Remove(t.Context(), kept, later))
	wantNoBlob(t, blobs, kept)
}

func blobRemoveBefore(t *testing.T, blobs domain.Blobs) {
	hash := putBlob(t, blobs, "young")
	must(t, blobs.Remove(t.Context(), hash, time.Now().Add(-time.Hour)))
	wantBlob(t, blobs, "young")
}

func blobUnknown(t *testing.T, blobs domain.Blobs) {
	putBlob(t, blobs, "there")
	hash := string(hashOf("there"))
	for _, other := range []string{
		"", ".", "..", "/", "../../etc/passwd", hash[:2], hash[:2] + "/" + hash[2:4] + "/" + hash, hash + "/", hash + "0",
		strings.ToUpper(hash), hash[:63] + "\x00", "../" + hash[3:],
	} {
		wantNoBlob(t, blobs, domain.FileHash(other))
		must(t, blobs.Remove(t.Context(), domain.FileHash(other), time.Now().Add(time.Hour)))
	}
	wantBlob(t, blobs, "there")
}

func blobContext(t *testing.T, blobs domain.Blobs) {
	hash := putBlob(t, blobs, "there")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := blobs.Put(ctx, strings.NewReader("too late"), domain.MaxFile, nil)
	wantCanceled := func(err error) {
		t.Helper()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want the context's", err)
		}
	}
	wantCanceled(err)
	wantNoBlob(t, blobs, hashOf("too late"))
	_, err = blobs.Open(ctx, hash)
	wantCanceled(err)
	wantCanceled(blobs.Remove(ctx, hash, time.Now().Add(time.Hour)))
	wantBlob(t, blobs, "there")

	// One that ends on the way.
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	long := bytes.Repeat([]byte("long"), 1<<16)
	_, _, err = blobs.Put(ctx, io.MultiReader(bytes.NewReader(long), readerFunc(func([]byte) (int, error) {
		cancel()
		return 0, io.EOF
	})), domain.MaxFile, nil)
	wantCanceled(err)
	wantNoBlob(t, blobs, hashOf(string(long)))
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
