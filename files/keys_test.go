package files_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"octavo/domain"
	"octavo/files"
)

func openKeys(t *testing.T, dir string) *files.Keys {
	t.Helper()
	keys, err := files.OpenKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestKeysAreMadeOnceHoweverManyAsk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	got := make([]string, 16)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			keys, err := files.OpenKeys(dir)
			if err != nil {
				t.Error(err)
				return
			}
			key, err := keys.APIKey()
			secret, wrong := keys.SignIn()
			if err != nil || wrong != nil {
				t.Error(err, wrong)
			}
			got[i] = key + " " + string(secret)
		})
	}
	wg.Wait()
	slices.Sort(got)
	all := slices.Compact(got)
	if key, secret, _ := strings.Cut(all[0], " "); len(all) != 1 || len(key) != 43 || len(secret) != 43 || key == secret {
		t.Errorf("got keys %q", all)
	}
	wantTwoFilesForTheOwner(t, dir)
}

// wantTwoFilesForTheOwner checks that a directory holds both keys, which only its owner reads, and nothing half-written.
func wantTwoFilesForTheOwner(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Fatalf("got %v, %v", entries, err)
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", entry.Name(), info, err)
		}
	}
}

func TestAKeyThatIsRotatedIsAnotherForAllAtOnce(t *testing.T) {
	dir := t.TempDir()
	one, other := openKeys(t, dir), openKeys(t, dir)
	hash := func(keys *files.Keys) domain.TokenHash {
		t.Helper()
		hash, err := keys.API()
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	secret, err := one.SignIn()
	if err != nil {
		t.Fatal(err)
	}
	before := hash(one)
	key, err := other.RotateAPIKey()
	if err != nil {
		t.Fatal(err)
	}
	if hash(one) != domain.HashToken(key) || hash(other) != hash(one) || hash(one) == before {
		t.Errorf("the key is %s, and was %s", hash(one), before)
	}
	if now, err := other.SignIn(); err != nil || string(now) != string(secret) {
		t.Errorf("the other key has changed too: %v", err)
	}
	wantTwoFilesForTheOwner(t, dir)
}

func TestTicketsEndWhenTheirSecretIsRotated(t *testing.T) {
	dir := t.TempDir()
	keys := openKeys(t, dir)
	before, err := keys.SignIn()
	if err != nil {
		t.Fatal(err)
	}
	if err := files.RotateSignIn(dir); err != nil {
		t.Fatal(err)
	}
	if now, err := keys.SignIn(); err != nil || string(now) == string(before) {
		t.Errorf("the secret is as it was, %v", err)
	}
	wantTwoFilesForTheOwner(t, dir)
}

func TestRotatingMakesNoSecretWhereThereIsNone(t *testing.T) {
	dir := t.TempDir()
	for _, dir := range []string{dir, filepath.Join(dir, "missing")} {
		if err := files.RotateSignIn(dir); err != nil {
			t.Error(err)
		}
	}
	if found, err := os.ReadDir(dir); err != nil || len(found) > 0 {
		t.Errorf("there are %v, %v", found, err)
	}
}

func TestAFileThatHoldsNoKeyIsRefused(t *testing.T) {
	for _, name := range []string{"owner.key", "link.key"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte("short\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := files.OpenKeys(dir); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAKeyThatCanNotBeReadOpensNothing(t *testing.T) {
	dir := t.TempDir()
	keys := openKeys(t, dir)
	if err := os.Remove(filepath.Join(dir, "owner.key")); err != nil {
		t.Fatal(err)
	}
	if hash, err := keys.API(); err == nil {
		t.Errorf("got %q", hash)
	}
}
