package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"octavo/domain"
)

// ownerKey returns the owner key that lies in the data directory, and makes both when they are missing. Several
// processes may do so at once: all get the same key.
func ownerKey(dataDir string) (string, error) {
	path := filepath.Join(dataDir, "owner.key")
	if key, err := readKey(path); !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := os.MkdirAll(dataDir, 0o700); err != nil {
		return "", fmt.Errorf("DATA_DIR: the directory can't be made: %w", err)
	}
	draft, err := os.CreateTemp(dataDir, ".owner.key-*") // of mode 0600
	if err != nil {
		return "", fmt.Errorf("DATA_DIR: the directory can't be written to: %w", err)
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	_, err = draft.WriteString(domain.NewToken() + "\n")
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return "", fmt.Errorf("DATA_DIR: the owner key can't be written: %w", err)
	}
	// A link appears whole or not at all, and only where there is none.
	if err := os.Link(draft.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("DATA_DIR: the owner key can't be written: %w", err)
	}
	return readKey(path)
}

func readKey(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("DATA_DIR: the owner key can't be read: %w", err)
	}
	key := strings.TrimSpace(string(content))
	if len(key) < len(domain.NewToken()) {
		return "", fmt.Errorf("DATA_DIR: %s holds no owner key; remove it to get a new one", path)
	}
	return key, nil
}

// openLink returns the link that opens the app for its owner.
func openLink(base *url.URL, key string) string {
	return base.String() + "/open?key=" + url.QueryEscape(key)
}

type linkCommand struct{}

func (linkCommand) Run(p *program) error {
	s, err := p.settings()
	if err != nil {
		return err
	}
	key, err := ownerKey(s.DataDir)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, openLink(s.url(s.HTTPAddr), key))
	return err
}
