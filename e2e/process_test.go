package e2e

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"octavo/ent/enttest"
)

func TestFiveProcessesStartedAtOnceOnAnEmptyDatabaseAllComeUp(t *testing.T) {
	eachDatabase(t, func(t *testing.T, settings []string) {
		installed := install(t, settings...)
		var processes []*process
		for range 5 {
			processes = append(processes, installed.launch())
		}
		for _, p := range processes {
			p.awaitReady()
		}
		for i, p := range processes {
			p.call(http.StatusCreated, http.MethodPost, "/records", draft{fmt.Sprint(i), ""}, nil)
		}
		for _, p := range processes {
			var records []stored
			p.call(http.StatusOK, http.MethodGet, "/records", nil, &records)
			if len(records) != len(processes) {
				t.Errorf("a process sees %d records, want %d", len(records), len(processes))
			}
		}
	})
}

func TestADatabaseFromTheFutureIsRefusedAndLeftAlone(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		databaseURL := create(t)
		installed := install(t, settingsOf(t, databaseURL)...)
		program := installed.start()
		program.addNote("Kept", "")
		program.stop()

		const versions = "SELECT version FROM octavo_schema ORDER BY version"
		db := openDatabase(t, databaseURL)
		execute(t, db, "INSERT INTO octavo_schema (version) VALUES (1000000)")
		before := query(t, db, versions)
		for _, args := range [][]string{{}, {"serve"}, {"migrate", "status"}, {"migrate", "up"}} {
			checkRefusal(t, installed.run(args...), 1, "newer Octavo", "1000000")
		}
		if after := query(t, db, versions); !slices.Equal(before, after) {
			t.Errorf("the versions were %v and are %v", before, after)
		}

		execute(t, db, "DELETE FROM octavo_schema WHERE version = 1000000")
		var notes []stored
		installed.start().call(http.StatusOK, http.MethodGet, "/api/v1/notes", nil, &notes)
		if len(notes) != 1 || notes[0].Title != "Kept" {
			t.Errorf("the notes are %+v", notes)
		}
	})
}

// checkRefusal checks that the program ended with status, with nothing but one line that has all of texts in it.
func checkRefusal(t *testing.T, o outcome, status int, texts ...string) {
	t.Helper()
	if o.status != status {
		t.Errorf("exit status %d, want %d", o.status, status)
	}
	line, rest, _ := strings.Cut(o.stderr, "\n")
	if o.stdout != "" || rest != "" {
		t.Errorf("it printed more than a line:\n%s%s", o.stdout, o.stderr)
	}
	for _, text := range append(texts, "octavo: ") {
		if !strings.Contains(line, text) {
			t.Errorf("%q doesn't mention %q", line, text)
		}
	}
}

func TestWhatKeepsItFromStartingIsSaidInOneLine(t *testing.T) {
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	silent, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, closedPort, err := net.SplitHostPort(silent.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := silent.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		name     string
		settings []string
		status   int
		texts    []string
	}{
		{"an unknown backend", []string{"DB_BACKEND=dbase"}, 2, []string{"DB_BACKEND", "dbase", "sqlite, postgresql, postgres, mysql, mariadb, memory"}},
		{"a backend that can't be", []string{"DB_BACKEND=oracle"}, 2, []string{"DB_BACKEND", "Oracle", "sqlite, postgresql, postgres, mysql, mariadb, memory"}},
		{"a port that is none", []string{"HTTP_ADDR=127.0.0.1:99999"}, 2, []string{"HTTP_ADDR", "99999", "65535"}},
		{"an address that is none", []string{"HTTP_ADDR=8080"}, 2, []string{"HTTP_ADDR", "HOST:PORT"}},
		{"a database port that is none", []string{"DB_BACKEND=postgresql", "POSTGRES_PASSWORD=x", "POSTGRES_PORT=http"}, 2, []string{"POSTGRES_PORT", "http"}},
		{"no password for PostgreSQL", []string{"DB_BACKEND=postgresql"}, 2, []string{"POSTGRES_PASSWORD", "missing"}},
		{"no password for MySQL", []string{"DB_BACKEND=mysql"}, 2, []string{"MYSQL_PASSWORD", "missing"}},
		{"a password file that isn't there", []string{"DB_BACKEND=mysql", "MYSQL_PASSWORD_FILE=/nowhere/secret"}, 2, []string{"MYSQL_PASSWORD_FILE", "/nowhere/secret"}},
		{"an unknown database URL", []string{"DATABASE_URL=oracle://host/db"}, 2, []string{"DATABASE_URL", "postgres://"}},
		{"a switch that is neither on nor off", []string{"AUTO_MIGRATE=perhaps"}, 2, []string{"AUTO_MIGRATE", "true or false"}},
		{"an unknown log level", []string{"LOG_LEVEL=loud"}, 2, []string{"LOG_LEVEL", "loud", "debug"}},
		{"two wrong settings at once", []string{"DB_BACKEND=oracle", "LOG_FORMAT=xml"}, 2, []string{"DB_BACKEND", "LOG_FORMAT"}},
		{"a port in use", []string{"HTTP_ADDR=" + taken.Addr().String()}, 1, []string{"HTTP_ADDR", taken.Addr().String(), "in use"}},
		{"a data directory that is a file", []string{"DATA_DIR=" + file}, 1, []string{"DATA_DIR", file}},
		{"a database below a file", []string{"SQLITE_PATH=" + filepath.Join(file, "octavo.db")}, 1, []string{"SQLITE_PATH", file}},
		{"a file that is no database", []string{"SQLITE_PATH=" + file}, 1, []string{"SQLITE_PATH", "no SQLite database"}},
		{"PostgreSQL out of reach", []string{"DB_BACKEND=postgresql", "POSTGRES_PASSWORD=hunter2", "POSTGRES_PORT=" + closedPort}, 1, []string{"POSTGRES_HOST", closedPort, "refused"}},
		{"MySQL out of reach", []string{"DB_BACKEND=mysql", "MYSQL_PASSWORD=hunter2", "MYSQL_PORT=" + closedPort}, 1, []string{"MYSQL_HOST", closedPort, "refused"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := install(t, c.settings...).run()
			checkRefusal(t, o, c.status, c.texts...)
			if strings.Contains(o.stderr, "hunter2") {
				t.Errorf("the password is in %q", o.stderr)
			}
		})
	}
	t.Run("an unknown command", func(t *testing.T) {
		checkRefusal(t, install(t).run("sreve"), 2, "sreve", "octavo help")
	})
}

func TestAWrongPasswordIsSaidInOneLineWithoutIt(t *testing.T) {
	for _, database := range []struct {
		name, key string
		create    func(testing.TB) string
	}{{"postgresql", "POSTGRES_PASSWORD", enttest.Postgres}, {"mysql", "MYSQL_PASSWORD", enttest.MySQL}} {
		t.Run(database.name, func(t *testing.T) {
			settings := append(settingsOf(t, database.create(t)), database.key+"=hunter2")
			o := install(t, settings...).run()
			checkRefusal(t, o, 1, database.key)
			if strings.Contains(o.stderr, "hunter2") {
				t.Errorf("the password is in %q", o.stderr)
			}
		})
	}
}

// request is a request to create a record whose body is not sent yet.
type request struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

const slowBody = `{"title":"Slow but sure"}`

// begin sends the head of a request and returns when the program waits for its body.
func (s *process) begin() request {
	s.t.Helper()
	host := strings.TrimPrefix(s.base, "http://")
	conn, err := (&net.Dialer{}).DialContext(s.t.Context(), "tcp", host)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.Close() })
	r := request{s.t, conn, bufio.NewReader(conn)}
	r.write(fmt.Sprintf("POST /records HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", host, s.key, len(slowBody)))
	if status := r.status(); status != http.StatusContinue {
		s.t.Fatalf("status %d, want 100", status)
	}
	return r
}

func (r request) write(text string) {
	r.t.Helper()
	if _, err := r.conn.Write([]byte(text)); err != nil {
		r.t.Fatal(err)
	}
}

// status reads an answer and returns its status.
func (r request) status() int {
	r.t.Helper()
	response, err := http.ReadResponse(r.in, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return response.StatusCode
}

func TestAskedToStopItAnswersWhatIsUnderWay(t *testing.T) {
	installed := install(t)
	program := installed.start()
	slow := program.begin()
	program.signal(syscall.SIGTERM)
	eventually(t, "nobody else is let in", func() bool {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(program.base, "http://"))
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
	slow.write(slowBody)
	if status := slow.status(); status != http.StatusCreated {
		t.Errorf("status %d, want 201", status)
	}
	if state := program.awaitEnd(); state.ExitCode() != 0 {
		t.Errorf("the program ended with %v", state)
	}

	var records []stored
	installed.start().call(http.StatusOK, http.MethodGet, "/records", nil, &records)
	if len(records) != 1 || records[0].Title != "Slow but sure" {
		t.Errorf("the records are %+v", records)
	}
}

func TestAskedToStopTwiceItWaitsForNothing(t *testing.T) {
	program := start(t)
	program.begin()
	program.signal(syscall.SIGTERM)
	eventually(t, "it stops at the second signal", func() bool {
		if !strings.Contains(program.logged(), "a second signal stops at once") {
			return false
		}
		program.signal(syscall.SIGTERM)
		select {
		case <-program.ended:
			return true
		default:
			return false
		}
	})
	if status, ok := program.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGTERM {
		t.Errorf("the program ended with %v, want by the signal", program.cmd.ProcessState)
	}
}

func TestWithoutAutoMigrateTheSchemaWaitsForTheCommand(t *testing.T) {
	eachDatabase(t, func(t *testing.T, settings []string) {
		installed := install(t, append(settings, "AUTO_MIGRATE=false")...)
		checkRefusal(t, installed.run(), 1, "out of date", "octavo migrate up")

		if out := installed.must("migrate", "status"); !strings.HasPrefix(out, "pending  000001_initial\n") {
			t.Errorf("status: %q", out)
		}
		if out := installed.must("migrate", "plan"); !strings.Contains(out, "CREATE TABLE") || !strings.Contains(out, "notes") {
			t.Errorf("plan: %q", out)
		}
		checkRefusal(t, installed.run(), 1, "octavo migrate up") // none of these has changed anything
		if out := installed.must("migrate", "up"); !strings.HasPrefix(out, "applied  000001_initial\n") {
			t.Errorf("up: %q", out)
		}
		if out := installed.must("migrate", "status"); strings.Contains(out, "pending") {
			t.Errorf("status: %q", out)
		}
		if out := installed.must("migrate", "plan"); out != "" {
			t.Errorf("plan: %q", out)
		}
		if out := installed.must("migrate", "up"); out != "the schema is up to date\n" {
			t.Errorf("up: %q", out)
		}
		installed.start().addNote("Stored", "")
	})
}

func TestALinkSignsInOnceAndSessionsEndOnCommand(t *testing.T) {
	eachBackend(t, func(t *testing.T, settings []string) {
		program := start(t, settings...)
		link := program.link()
		cookie := program.openLink(http.StatusSeeOther, link)
		program.openLink(http.StatusUnauthorized, link)
		if program.link() == link {
			t.Error("two links are the same")
		}
		program.call(http.StatusOK, http.MethodGet, "/notes", nil, nil, "Authorization", "", "Cookie", cookie)
		unused := program.link()
		o := program.of.run("sessions", "end")
		if slices.Contains(settings, "DB_BACKEND=memory") {
			checkRefusal(t, o, 2, "DB_BACKEND")
			return
		}
		if o.status != 0 || o.stdout != "sessions ended: 1\n" {
			t.Errorf("sessions end: %+v", o)
		}
		program.call(http.StatusUnauthorized, http.MethodGet, "/notes", nil, nil, "Authorization", "", "Cookie", cookie)
		program.openLink(http.StatusUnauthorized, unused)
		program.openLink(http.StatusSeeOther, program.link())
	})
}

// openLink opens a link, and returns the cookie of the session, if there is one.
func (s *process) openLink(status int, link string) (cookie string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, link, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(r) // a client would follow the redirect
	if err != nil {
		s.t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != status {
		s.t.Fatalf("opening a link: status %d, want %d", response.StatusCode, status)
	}
	cookie, _, _ = strings.Cut(response.Header.Get("Set-Cookie"), ";")
	return cookie
}

func TestAKeyThatIsReplacedOpensNothingFromThenOn(t *testing.T) {
	installed := install(t)
	first := installed.start()
	second := installed.start() // of the same data, so of the same key
	old := first.key
	first.call(http.StatusOK, http.MethodGet, "/records", nil, nil)
	key := strings.TrimSpace(installed.must("key", "--rotate"))
	if key == old || key != strings.TrimSpace(installed.must("key")) {
		t.Errorf("the key was %s and is %s", old, key)
	}
	for _, instance := range []*process{first, second} {
		instance.call(http.StatusUnauthorized, http.MethodGet, "/records", nil, nil)
		instance.key = key
		instance.call(http.StatusOK, http.MethodGet, "/records", nil, nil)
	}
	for _, name := range []string{"owner.key", "link.key"} {
		if info, err := os.Stat(filepath.Join(installed.dir, "data", name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

func TestVersionAndHelpNeedNoSettings(t *testing.T) {
	installed := install(t, "DB_BACKEND=oracle")
	if out := installed.must("version"); !strings.HasPrefix(out, "octavo ") || strings.Count(out, "\n") != 1 {
		t.Errorf("version: %q", out)
	}
	for _, args := range [][]string{{"help"}, {"--help"}} {
		out := installed.must(args...)
		for _, command := range []string{"serve", "link", "key", "sessions", "migrate", "version", "help"} {
			if !strings.Contains(out, command) {
				t.Errorf("%v doesn't mention %s:\n%s", args, command, out)
			}
		}
	}
}

func TestTheIndexIsComparedBesideARunningServer(t *testing.T) {
	eachBackend(t, func(t *testing.T, settings []string) {
		program := start(t, settings...)
		program.addNote("Heron", "stands in the river")
		o := program.of.run("reindex")
		if slices.Contains(settings, "DB_BACKEND=memory") {
			checkRefusal(t, o, 2, "DB_BACKEND")
			return
		}
		if o.status != 0 || !strings.Contains(o.stdout, "nothing had to be mended") {
			t.Errorf("reindex: %+v", o)
		}
		var found []stored
		program.call(http.StatusOK, http.MethodGet, "/api/v1/notes?q=heron", nil, &found)
		if len(found) != 1 {
			t.Errorf("found %+v", found)
		}
	})
}
