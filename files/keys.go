package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"octavo/domain"
)

// Keys are the domain.Keys of an installation, each in a file that its owner alone may read. All instances that use the
// directory have the same ones.
type Keys struct {
	dir string

	mu   sync.Mutex
	api  domain.TokenHash
	read fs.FileInfo // of the file that api was read from
}

var _ domain.Keys = (*Keys)(nil)

// The names of the files.
const (
	apiKey    = "owner.key"
	signInKey = "link.key"
)

// OpenKeys returns the keys in a directory, and makes it and those that are missing. Several processes may do so at
// once: all get the same keys.
func OpenKeys(dir string) (*Keys, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the directory can't be made: %w", err)
	}
	for _, name := range []string{apiKey, signInKey} {
		if err := ensureKey(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return &Keys{dir: dir}, nil
}

// ensureKey makes a key where there is none.
func ensureKey(path string) error {
	if _, err := readKey(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// A link appears whole or not at all, and only where there is no file.
	if err := writeKey(path, os.Link); !errors.Is(err, fs.ErrExist) {
		return err
	}
	_, err := readKey(path) // another process has made it
	return err
}

// API implements domain.Keys. It reads the file again when that has been replaced.
func (k *Keys) API() (domain.TokenHash, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	path := filepath.Join(k.dir, apiKey)
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("the API key can't be read: %w", err)
	}
	if k.read == nil || !os.SameFile(info, k.read) || !info.ModTime().Equal(k.read.ModTime()) {
		key, err := readKey(path)
		if err != nil {
			return "", err
		}
		k.api, k.read = domain.HashToken(key), info
	}
	return k.api, nil
}

// APIKey returns the key whose hash is API.
func (k *Keys) APIKey() (string, error) { return readKey(filepath.Join(k.dir, apiKey)) }

// RotateAPIKey puts a new key in the place of the one there is, which from then on opens nothing, and returns it.
func (k *Keys) RotateAPIKey() (string, error) {
	if err := writeKey(filepath.Join(k.dir, apiKey), os.Rename); err != nil {
		return "", err
	}
	return k.APIKey()
}

// RotateSignIn puts a new secret in the place of the one in a directory, so that tickets made before open nothing. Where
// there is none, no ticket has been made, and none is put there.
func RotateSignIn(dir string) error {
	path := filepath.Join(dir, signInKey)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return writeKey(path, os.Rename)
}

// SignIn implements domain.Keys.
func (k *Keys) SignIn() ([]byte, error) {
	key, err := readKey(filepath.Join(k.dir, signInKey))
	return []byte(key), err
}

// writeKey writes a new key to a file of mode 0600, which place puts where it belongs.
func writeKey(path string, place func(draft, path string) error) error {
	draft, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("the directory can't be written to: %w", err)
	}
	defer func() { _ = os.Remove(draft.Name()) }() // gone already if it has been renamed
	_, err = draft.WriteString(domain.NewToken() + "\n")
	if err = errors.Join(err, draft.Sync(), draft.Close()); err == nil {
		err = place(draft.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("%s can't be written: %w", path, err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close()) // a name is on the disk when its directory is
}

func readKey(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("the key can't be read: %w", err)
	}
	key := strings.TrimSpace(string(content))
	if len(key) < len(domain.NewToken()) {
		return "", fmt.Errorf("%s holds no key; remove it to get a new one", path)
	}
	return key, nil
}
