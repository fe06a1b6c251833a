// Package e2e tests the program the way people meet it: built, started from an .env, used by HTTP and in a browser.
package e2e

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"octavo/ent/enttest"
)

// What is there for all tests.
var (
	binary  string // path of the program under test
	profile string // path of the browser's directory
)

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "octavo-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		closeBrowser()
		_ = os.RemoveAll(dir)
	}()
	binary, profile = filepath.Join(dir, "octavo"), filepath.Join(dir, "chromium")
	build := exec.CommandContext(context.Background(), "go", "build", "-buildvcs=false", "-tags", "sqlite_fts5", "-o", binary, "octavo")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// patience is when a test gives up on what never happens. It is no measure of how long anything should take.
const patience = time.Minute

// eventually returns once condition, which is asked again and again, holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("in vain waited until %s", what)
		}
	}
}

// eachBackend runs test once for each value of DB_BACKEND, with the settings for a database that is new and empty.
func eachBackend(t *testing.T, test func(t *testing.T, settings []string)) {
	eachDatabase(t, test)
	t.Run("memory", func(t *testing.T) { test(t, []string{"DB_BACKEND=memory"}) })
}

// eachDatabase is eachBackend for those that keep what they are given when the program ends.
func eachDatabase(t *testing.T, test func(t *testing.T, settings []string)) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) { test(t, settingsOf(t, create(t))) })
}

// settingsOf spells the URL of a database as the settings that users know.
func settingsOf(t *testing.T, databaseURL string) []string {
	t.Helper()
	if path, ok := strings.CutPrefix(databaseURL, "sqlite:"); ok {
		return []string{"DB_BACKEND=sqlite", "SQLITE_PATH=" + path}
	}
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	settings := func(prefix string) []string {
		return []string{
			prefix + "USER=" + u.User.Username(), prefix + "PASSWORD=" + password,
			prefix + "HOST=" + u.Hostname(), prefix + "PORT=" + u.Port(), prefix + "DB=" + strings.Trim(u.Path, "/"),
		}
	}
	if u.Scheme == "mysql" {
		return append(settings("MYSQL_"), "DB_BACKEND=mysql")
	}
	return append(settings("POSTGRES_"), "DB_BACKEND=postgresql", "POSTGRES_SSLMODE="+u.Query().Get("sslmode"))
}
