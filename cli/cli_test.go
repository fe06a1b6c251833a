package cli

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/onetime"
	"octavo/memory"
)

// settingsOf reads the settings from an environment and the lines of a .env.
func settingsOf(t *testing.T, environ []string, dotenv ...string) (settings, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(strings.Join(dotenv, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return (&program{environ: environ, dir: dir}).settings()
}

func TestTheDatabaseIsSwappedByDotenvAlone(t *testing.T) {
	for _, c := range []struct {
		dotenv []string
		want   string
	}{
		{nil, "sqlite:data/octavo.db"},
		{[]string{"DATA_DIR=/srv/octavo"}, "sqlite:/srv/octavo/octavo.db"},
		{[]string{"SQLITE_PATH=/x/notes.db"}, "sqlite:/x/notes.db"},
		{[]string{"DB_BACKEND=memory"}, "memory:"},
		{
			[]string{"DB_BACKEND=postgresql", "POSTGRES_PASSWORD='p@ss/w:rd?'"},
			"postgres://octavo:p%40ss%2Fw%3Ard%3F@127.0.0.1:5432/octavo?prepared=true&sslmode=prefer",
		},
		{
			[]string{
				"DB_BACKEND=postgresql", "POSTGRES_USER=u", "POSTGRES_PASSWORD=p", "POSTGRES_HOST=::1", "POSTGRES_PORT=5433",
				"POSTGRES_DB=d", "POSTGRES_SSLMODE=disable",
			},
			"postgres://u:p@[::1]:5433/d?prepared=true&sslmode=disable",
		},
		{
			[]string{"DB_BACKEND=mysql", "MYSQL_USER=u", "MYSQL_PASSWORD=p", "MYSQL_HOST=db", "MYSQL_PORT=3307", "MYSQL_DB=d"},
			"mysql://u:p@db:3307/d?sslmode=prefer",
		},
		{
			[]string{"DB_BACKEND=postgres", "POSTGRES_PASSWORD=p", "POSTGRES_HOST=[::1]"},
			"postgres://octavo:p@[::1]:5432/octavo?prepared=true&sslmode=prefer",
		},
		{
			[]string{"DB_BACKEND=mariadb", "MYSQL_PASSWORD=p", "MYSQL_SSLMODE=verify-full"},
			"mysql://octavo:p@127.0.0.1:3306/octavo?sslmode=verify-full",
		},
		{
			[]string{"DB_BACKEND=postgresql", "POSTGRES_HOST=/run/postgresql", "POSTGRES_PORT=5433"},
			"postgres://octavo@/octavo?host=%2Frun%2Fpostgresql&port=5433&prepared=true&sslmode=prefer",
		},
		{
			[]string{"DB_BACKEND=mysql", "MYSQL_HOST=/run/mysqld.sock", "MYSQL_PASSWORD=p"},
			"mysql://octavo:p@/octavo?socket=%2Frun%2Fmysqld.sock&sslmode=prefer",
		},
		{[]string{"DB_BACKEND=mysql", "DATABASE_URL=sqlite:elsewhere.db"}, "sqlite:elsewhere.db"},
	} {
		s, err := settingsOf(t, nil, c.dotenv...)
		if err != nil {
			t.Errorf("%v: %v", c.dotenv, err)
			continue
		}
		if got, _ := s.database(); got != c.want {
			t.Errorf("%v: got %s, want %s", c.dotenv, got, c.want)
		}
	}
}

func TestTheEnvironmentWinsAndEmptyCountsAsNone(t *testing.T) {
	s, err := settingsOf(t, []string{"SQLITE_PATH=env.db", "LOG_LEVEL="}, "SQLITE_PATH=file.db", "LOG_LEVEL=nonsense", "DB_BACKEND=")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := s.database(); got != "sqlite:env.db" {
		t.Errorf("got %s", got)
	}
}

func TestSecretsMayComeFromFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := settingsOf(t, []string{
		"DB_BACKEND=postgresql", "POSTGRES_PASSWORD_FILE=" + file,
		"OIDC_ISSUER=https://id.example.org/realm", "OIDC_CLIENT_ID=octavo", "OIDC_CLIENT_SECRET_FILE=" + file,
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.OIDC.ClientSecret != "s3cret" || s.OIDC.Name != "id.example.org" {
		t.Errorf("got %+v", s.OIDC)
	}
	if got, _ := s.database(); !strings.Contains(got, ":s3cret@") {
		t.Errorf("got %s", got)
	}
}

func TestAWrongSettingIsNamedWithWhatIsAllowed(t *testing.T) {
	for _, c := range []struct {
		environ string
		parts   []string
	}{
		{"DB_BACKEND=dbase", []string{"DB_BACKEND", "dbase", "sqlite", "postgresql", "mysql", "memory"}},
		{"DB_BACKEND=oracle", []string{"DB_BACKEND", "Oracle", "Ent has no dialect", "sqlite", "postgresql", "mysql", "docs/adr/0011-databases.md"}},
		{"DB_BACKEND=mssql", []string{"DB_BACKEND", "SQL Server", "Ent has no dialect", "docs/adr/0011-databases.md"}},
		{"DB_BACKEND=postgresql", []string{"POSTGRES_PASSWORD", "missing", "POSTGRES_PASSWORD_FILE"}},
		{"DB_BACKEND=mysql", []string{"MYSQL_PASSWORD", "missing", "MYSQL_PASSWORD_FILE"}},
		{"DB_BACKEND=postgresql POSTGRES_PASSWORD=x POSTGRES_PORT=99999", []string{"POSTGRES_PORT", "99999", "1 to 65535"}},
		{"DB_BACKEND=mysql MYSQL_PASSWORD=x MYSQL_PORT=db", []string{"MYSQL_PORT", "db", "1 to 65535"}},
		{"DB_BACKEND=mysql MYSQL_PASSWORD_FILE=/nowhere", []string{"MYSQL_PASSWORD_FILE", "/nowhere"}},
		{"MYSQL_SSLMODE=maybe", []string{"MYSQL_SSLMODE", "maybe", "verify-full"}},
		{
			"DB_BACKEND=oracle POSTGRES_SSLMODE=maybe HTTP_ADDR=8080 BASE_URL=x LOG_LEVEL=loud LOG_FORMAT=xml AUTO_MIGRATE=perhaps " +
				"HSTS_SUBDOMAINS=perhaps TRUSTED_PROXIES=proxy DATABASE_URL_FILE=/nowhere",
			[]string{
				"DB_BACKEND", "POSTGRES_SSLMODE", "HTTP_ADDR", "BASE_URL", "LOG_LEVEL", "LOG_FORMAT", "AUTO_MIGRATE", "HSTS_SUBDOMAINS",
				"TRUSTED_PROXIES", "DATABASE_URL_FILE",
			},
		},
		{
			"DB_BACKEND=mysql MYSQL_PORT=db AUTO_MIGRATE=perhaps",
			[]string{"MYSQL_PASSWORD: missing", "MYSQL_PORT", "AUTO_MIGRATE"},
		},
		{"POSTGRES_SSLMODE=maybe", []string{"POSTGRES_SSLMODE", "maybe", "verify-full"}},
		{"HTTP_ADDR=8080", []string{"HTTP_ADDR", "8080", "127.0.0.1:8080"}},
		{"HTTP_ADDR=127.0.0.1:http", []string{"HTTP_ADDR", "http"}},
		{"BASE_URL=notes.example", []string{"BASE_URL", "notes.example", "https://"}},
		{"BASE_URL=https://x/?q", []string{"BASE_URL"}},
		{"BASE_URL=https://x/spaces/0198c5b2-0000-7000-8000-000000000001", []string{"BASE_URL", "/spaces/"}},
		{"LOG_LEVEL=loud", []string{"LOG_LEVEL", "loud", "debug"}},
		{"LOG_FORMAT=xml", []string{"LOG_FORMAT", "xml", "json"}},
		{"HSTS_SUBDOMAINS=perhaps", []string{"HSTS_SUBDOMAINS", "true or false"}},
		{"AUTO_MIGRATE=perhaps", []string{"AUTO_MIGRATE", "true or false"}},
		{"UPLOAD_QUOTA=many", []string{"UPLOAD_QUOTA", "many", "10GiB"}},
		{"UPLOAD_QUOTA=-1", []string{"UPLOAD_QUOTA", "-1"}},
		{"UPLOAD_QUOTA=9000000TiB", []string{"UPLOAD_QUOTA"}},
		{"TRUSTED_PROXIES=proxy", []string{"TRUSTED_PROXIES", "proxy", "CIDR"}},
		{"OIDC_CLIENT_ID=octavo", []string{"OIDC_ISSUER", "missing", "OIDC_CLIENT_ID"}},
		{"OIDC_ISSUER=https://id.example.org", []string{"OIDC_CLIENT_ID", "missing", "OIDC_ISSUER"}},
		{"OIDC_ISSUER=id.example.org OIDC_CLIENT_ID=octavo", []string{"OIDC_ISSUER", "id.example.org", "https://"}},
		{"OIDC_ISSUER=http://id.example.org OIDC_CLIENT_ID=octavo", []string{"OIDC_ISSUER", "http://id.example.org", "https://"}},
	} {
		var stdout, stderr bytes.Buffer
		p := &program{ctx: t.Context(), stdout: &stdout, stderr: &stderr, environ: strings.Fields(c.environ), dir: t.TempDir()}
		if status := p.run([]string{"link"}); status != exitSettings {
			t.Errorf("%s: exit status %d", c.environ, status)
		}
		line := stderr.String()
		if strings.Count(line, "\n") != 1 || stdout.Len() > 0 {
			t.Errorf("%s: not one line: %s%s", c.environ, stdout.String(), line)
		}
		for _, part := range c.parts {
			if !strings.Contains(line, part) {
				t.Errorf("%s: no %q in %s", c.environ, part, line)
			}
		}
	}
}

func TestAFileThatCannotBeReadIsTheOnlyThingWrong(t *testing.T) {
	_, err := settingsOf(t, []string{"DB_BACKEND=postgresql", "POSTGRES_PASSWORD_FILE=/nowhere"})
	if err == nil || !strings.Contains(err.Error(), "POSTGRES_PASSWORD_FILE") || strings.Contains(err.Error(), "missing") {
		t.Errorf("got %v", err)
	}
}

func TestABrokenDotenvIsRefusedByLineAndShowsNoSecret(t *testing.T) {
	_, err := settingsOf(t, nil, "DB_BACKEND=sqlite", "what is this", "POSTGRES_PASSWORD=hunter2")
	if err == nil || !strings.Contains(err.Error(), "line 2") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}

func TestTheEnvironmentsSecretWinsOverTheOtherFormInDotenv(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("from-file"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ environ, dotenv, want string }{
		{"POSTGRES_PASSWORD_FILE=" + file, "POSTGRES_PASSWORD=plain", ":from-file@"},
		{"POSTGRES_PASSWORD=plain", "POSTGRES_PASSWORD_FILE=" + file, ":plain@"},
	} {
		s, err := settingsOf(t, []string{c.environ}, "DB_BACKEND=postgresql", c.dotenv)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := s.database(); !strings.Contains(got, c.want) {
			t.Errorf("%s over %s: got %s", c.environ, c.dotenv, got)
		}
	}
}

func TestASecretIsRefusedBesideItsFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("from-file"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"DATABASE_URL", "POSTGRES_PASSWORD", "MYSQL_PASSWORD"} {
		both := []string{key + "=plain", key + "_FILE=" + file}
		for where, read := range map[string]func() (settings, error){
			"the environment": func() (settings, error) { return settingsOf(t, both) },
			".env":            func() (settings, error) { return settingsOf(t, nil, both...) },
		} {
			if _, err := read(); err == nil || !strings.Contains(err.Error(), key+": "+key+"_FILE is set as well") {
				t.Errorf("%s in %s: got %v", key, where, err)
			}
		}
	}
}

func TestWhatTheMemoryCanNotDoNamesTheSettingThatChoseIt(t *testing.T) {
	for _, chosen := range []string{"DB_BACKEND=memory", "DATABASE_URL=memory:"} {
		for _, command := range [][]string{{"sessions", "end"}, {"user", "passwd"}, {"token", "list"}, {"migrate", "up"}, {"reindex"}} {
			var stderr bytes.Buffer
			p := &program{ctx: t.Context(), stdout: &stderr, stderr: &stderr, environ: []string{chosen}, dir: t.TempDir()}
			key, _, _ := strings.Cut(chosen, "=")
			if status := p.run(command); status != exitSettings || !strings.HasPrefix(stderr.String(), "octavo: "+key+": ") {
				t.Errorf("%s: %v: exit status %d: %s", chosen, command, status, stderr.String())
			}
		}
	}
}

func TestTheExampleListsEverySettingWithItsDefault(t *testing.T) {
	example, err := os.ReadFile("../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^#([A-Z_]+)=(.*)$`).FindAllStringSubmatch(string(example), -1) {
		listed[m[1]] = m[2]
	}
	var inCode []string
	var collect func(t reflect.Type, prefix string)
	collect = func(structure reflect.Type, prefix string) {
		for field := range structure.Fields() {
			if p, ok := field.Tag.Lookup("envPrefix"); ok {
				collect(field.Type, prefix+p)
			}
			key, _, _ := strings.Cut(field.Tag.Get("env"), ",")
			if key == "" {
				continue
			}
			key = prefix + key
			inCode = append(inCode, key)
			shown, ok := listed[key]
			if !ok {
				t.Errorf("%s is not in .env.example", key)
			}
			if value := field.Tag.Get("envDefault"); value != "" && value != shown {
				t.Errorf("%s: .env.example says %q, the default is %q", key, shown, value)
			}
		}
	}
	collect(reflect.TypeFor[settings](), "")
	for key := range listed {
		if !slices.Contains(inCode, key) {
			t.Errorf(".env.example lists %s, which is no setting", key)
		}
	}
}

func TestTheLinkLeadsToWhereTheAppIsFound(t *testing.T) {
	dir := t.TempDir()
	for environ, want := range map[string]string{
		"":                                "http://127.0.0.1:8080/open?key=",
		"HTTP_ADDR=0.0.0.0:9000":          "http://127.0.0.1:9000/open?key=",
		"HTTP_ADDR=[::1]:9000":            "http://[::1]:9000/open?key=",
		"BASE_URL=https://example.org/n/": "https://example.org/n/open?key=",
	} {
		var stdout bytes.Buffer
		p := &program{ctx: context.Background(), stdout: &stdout, stderr: os.Stderr, environ: []string{environ, "DATA_DIR=" + dir}, dir: dir}
		if status := p.run([]string{"link"}); status != exitOK || !strings.HasPrefix(stdout.String(), want) {
			t.Errorf("%s: exit status %d, %s", environ, status, stdout.String())
		}
	}
}

func TestAWrongCommandLineIsRefusedInOneLine(t *testing.T) {
	for line, want := range map[string]string{
		"dance":     "octavo: unexpected argument dance (`octavo help` lists the commands)\n",
		"key --rot": "octavo: unknown flag --rot, did you mean \"--rotate\"? (`octavo help` lists the commands)\n",
		"migrate":   "octavo: expected one of \"status\", \"plan\", \"up\" (`octavo help` lists the commands)\n",
	} {
		var stderr bytes.Buffer
		p := &program{ctx: t.Context(), stdout: &stderr, stderr: &stderr, dir: t.TempDir()}
		if status := p.run(strings.Fields(line)); status != exitSettings || stderr.String() != want {
			t.Errorf("%s: exit status %d: %s", line, status, stderr.String())
		}
	}
}

func TestEndingSessionsMakesNoKeys(t *testing.T) {
	dir := t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		var out, wrong bytes.Buffer
		p := program{ctx: t.Context(), stdout: &out, stderr: &wrong, environ: []string{"DATA_DIR=" + dir}, dir: dir}
		if status := p.run(args); status != exitOK {
			t.Fatalf("status %d: %s", status, &wrong)
		}
		return out.String()
	}
	run("migrate", "up")
	if out := run("sessions", "end"); out != "sessions ended: 0\n" {
		t.Errorf("got %q", out)
	}
	if keys, err := filepath.Glob(filepath.Join(dir, "*.key")); err != nil || len(keys) > 0 {
		t.Errorf("there are %v, %v", keys, err)
	}
}

func TestAPasswordIsSetFromTheShell(t *testing.T) {
	dir := t.TempDir()
	run := func(typed string, args ...string) (status int, said string) {
		var out bytes.Buffer
		p := program{ctx: t.Context(), stdin: strings.NewReader(typed), stdout: &out, stderr: &out, environ: []string{"DATA_DIR=" + dir}, dir: dir}
		return p.run(args), out.String()
	}
	run("", "migrate", "up")
	for _, c := range []struct {
		typed, name, want string
		status            int
	}{
		{"correct horse\n", "", "password set; sign in as Owner\n", exitOK},
		{"correct horse\r\n", "Ada", "password set; sign in as Ada\n", exitOK},
		{"battery staple", "", "password set; sign in as Ada\n", exitOK},
		{"short\n", "", "octavo: Use at least 8 characters\n", exitFailure},
		{"", "", "octavo: Use at least 8 characters\n", exitFailure},
		{strings.Repeat("x", 5000), "", "octavo: This password is longer than 1024 bytes\n", exitFailure},
	} {
		status, said := run(c.typed, "user", "passwd", "--name="+c.name)
		if status != c.status || said != c.want {
			t.Errorf("%.20q: status %d: %s", c.typed, status, said)
		}
	}
}

func TestPeopleAreInvitedAndKeptOutFromTheShell(t *testing.T) {
	dir := t.TempDir()
	environ := []string{"DATA_DIR=" + dir, "BASE_URL=https://notes.example.org/octavo"}
	run := func(typed string, args ...string) (status int, said string) {
		var out bytes.Buffer
		p := program{ctx: t.Context(), stdin: strings.NewReader(typed), stdout: &out, stderr: &out, environ: environ, dir: dir}
		return p.run(args), out.String()
	}
	run("", "migrate", "up")
	s, err := (&program{environ: environ, dir: dir}).settings()
	if err != nil {
		t.Fatal(err)
	}
	store, err := s.openStore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	status, link := run("", "user", "add", "--admin")
	secret, ok := strings.CutPrefix(strings.TrimSpace(link), "https://notes.example.org/octavo/invitation?key=")
	if status != exitOK || !ok {
		t.Fatalf("status %d: %s", status, link)
	}
	accounts := app.NewAccounts(store, domain.SystemClock{}, memory.Keys{Secret: "secret"})
	people := app.New(store, nil, domain.SystemClock{}).People(accounts)
	joined, _, err := people.Accept(t.Context(), secret, app.Acceptance{Name: "Bo", Password: "correct horse"})
	if err != nil {
		t.Fatal(err)
	}
	step := domain.SecondStep{User: joined.User, Secret: onetime.NewSecret(), Since: domain.SystemClock{}.Now()}
	if err := store.SecondSteps().Put(t.Context(), step); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		typed string
		args  []string
		want  string // of what is said
	}{
		{"", []string{"user", "list"}, `^Owner  owner +\d{4}-\d\d-\d\d\nBo +admin +\d{4}-\d\d-\d\d\n$`},
		{"", []string{"link", "BO"}, `^https://notes\.example\.org/octavo/open\?key=\S+\n$`},
		{"", []string{"link", "Cy"}, `^octavo: User not found\n$`},
		{"", []string{"user", "disable", "bo"}, `^Bo is disabled\n$`},
		{"", []string{"link", "Bo"}, `^octavo: This account is disabled\. Enable it first\n$`},
		{"", []string{"user", "list"}, `\nBo +disabled `},
		{"", []string{"user", "enable", "BO"}, `^Bo is enabled\n$`},
		{"", []string{"user", "rm", "bo"}, `^Bo is disabled, to be deleted on \d{4}-\d\d-\d\d\n$`},
		{"", []string{"user", "list"}, `\nBo +disabled .*, to be deleted on \d{4}-\d\d-\d\d\n`},
		{"", []string{"user", "rm", "owner"}, `^octavo: User not found\n$`},
		{"", []string{"user", "enable", "BO"}, `^Bo is enabled\n$`},
		{"battery staple\n", []string{"user", "passwd", "bo", "--name=Bob"}, `^password set; sign in as Bob\n$`},
		{"", []string{"user", "two-step-off", "bob"}, `^two-step sign-in is off\n$`},
		{"", []string{"user", "two-step-off", "Bob"}, `^octavo: Two-step sign-in isn’t on\n$`},
		{"", []string{"user", "two-step-off", "Cy"}, `^octavo: User not found\n$`},
		{"", []string{"user", "disable", "Bo"}, `^octavo: User not found\n$`},
		{"", []string{"user", "rm", "Bo"}, `^octavo: User not found\n$`},
		{"battery staple\n", []string{"user", "passwd", "Cy"}, `^octavo: User not found\n$`},
		{"", []string{"user", "disable"}, `^octavo: .*<user>`},
		{"", []string{"audit", "--limit=2"}, `^\S+Z  Set a password +for=Bob by=shell\n\S+Z  Turned off two-step sign-in +for=Bob by=shell\n$`},
	} {
		if _, said := run(c.typed, c.args...); !regexp.MustCompile(c.want).MatchString(said) {
			t.Errorf("%v: %q, want %s", c.args, said, c.want)
		}
	}
}

func TestTokensAreMadeListedAndRevokedFromTheShell(t *testing.T) {
	dir := t.TempDir()
	run := func(args ...string) (status int, said string) {
		var out bytes.Buffer
		p := program{ctx: t.Context(), stdout: &out, stderr: &out, environ: []string{"DATA_DIR=" + dir}, dir: dir}
		return p.run(args), out.String()
	}
	run("migrate", "up")
	_, secret := run("token", "add", "my phone", "--scope=files,notes:read", "--days=0")
	if !domain.IsTokenSecret(strings.TrimSuffix(secret, "\n")) {
		t.Errorf("got %q", secret)
	}
	if _, said := run("token", "add", "laptop", "--scope=admin"); !domain.IsTokenSecret(strings.TrimSuffix(said, "\n")) {
		t.Errorf("got %q", said)
	}
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"add", "My Phone", "--scope=files"}, exitFailure, "octavo: You have a token with this name\n"},
		{[]string{"add", "x", "--scope=file"}, exitFailure, "octavo: There’s no such scope\n"},
		{[]string{"add", "x", "--scope=files", "--days=4000"}, exitFailure, "octavo: A token can work for up to 3650 days\n"},
		{[]string{"revoke", "laptop"}, exitOK, "token revoked: laptop\n"},
		{[]string{"revoke", "laptop"}, exitFailure, "octavo: Token not found\n"},
		{[]string{"add", "x", "--scope=files", "--user=nobody"}, exitFailure, "octavo: User not found\n"},
		{[]string{"add", "x", "--scope=files", "--space=Family"}, exitFailure, "octavo: Space not found\n"},
		{[]string{"list", "--user=nobody"}, exitFailure, "octavo: User not found\n"},
	} {
		if status, said := run(append([]string{"token"}, c.args...)...); status != c.status || said != c.want {
			t.Errorf("%v: exit status %d: %s", c.args, status, said)
		}
	}
	want := regexp.MustCompile(`^NAME +SPACE +TAG +SCOPES +CREATED +LAST USED +EXPIRES\nmy phone +- +- +notes:read files +\d{4}-\d\d-\d\d +never +never\n$`)
	if _, said := run("token", "list"); !want.MatchString(said) {
		t.Errorf("got\n%s", said)
	}
	run("token", "revoke", "my phone")
	if _, said := run("token", "list"); said != "" {
		t.Errorf("got %q", said)
	}
}

func TestOnlyWhatMakesTheSchemaMakesTheFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "octavo.db")
	run := func(args ...string) (status int, said string) {
		var out bytes.Buffer
		p := program{
			ctx: t.Context(), stdin: strings.NewReader("correct horse"), stdout: &out, stderr: &out, environ: []string{"DATA_DIR=" + dir}, dir: dir,
		}
		return p.run(args), out.String()
	}
	commands := [][]string{{"migrate", "status"}, {"migrate", "plan"}, {"reindex"}, {"sessions", "end"}, {"user", "passwd"}, {"token", "list"}}
	for _, args := range commands {
		if status, said := run(args...); status != exitSettings || !strings.Contains(said, "SQLITE_PATH: there is no database file") {
			t.Errorf("%v: exit status %d: %s", args, status, said)
		}
		if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%v has made the file: %v", args, err)
		}
	}
	for _, args := range append([][]string{{"migrate", "up"}}, commands...) {
		if status, said := run(args...); status != exitOK {
			t.Errorf("%v: exit status %d: %s", args, status, said)
		}
	}
}

func TestAnUploadQuotaIsReadInEveryUnit(t *testing.T) {
	for text, want := range map[string]domain.UploadQuota{
		"": 10 << 30, "0": 0, "1000": 1000, "1 KiB": 1 << 10, "500MiB": 500 << 20, "10gib": 10 << 30, "2TiB": 2 << 40, "5GB": 5e9,
	} {
		p := &program{environ: []string{"UPLOAD_QUOTA=" + text}, dir: t.TempDir()}
		s, err := p.settings()
		if err != nil || s.quota != want {
			t.Errorf("%q: got %d, %v; want %d", text, s.quota, err, want)
		}
	}
}
