package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"octavo/domain"
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
	s, err := settingsOf(t, []string{"DB_BACKEND=postgresql", "POSTGRES_PASSWORD_FILE=" + file})
	if err != nil {
		t.Fatal(err)
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
		{"LOG_LEVEL=loud", []string{"LOG_LEVEL", "loud", "debug"}},
		{"LOG_FORMAT=xml", []string{"LOG_FORMAT", "xml", "json"}},
		{"HSTS_SUBDOMAINS=perhaps", []string{"HSTS_SUBDOMAINS", "true or false"}},
		{"AUTO_MIGRATE=perhaps", []string{"AUTO_MIGRATE", "true or false"}},
		{"UPLOAD_QUOTA=many", []string{"UPLOAD_QUOTA", "many", "10GiB"}},
		{"UPLOAD_QUOTA=-1", []string{"UPLOAD_QUOTA", "-1"}},
		{"UPLOAD_QUOTA=9000000TiB", []string{"UPLOAD_QUOTA"}},
		{"TRUSTED_PROXIES=proxy", []string{"TRUSTED_PROXIES", "proxy", "CIDR"}},
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

func TestAnUnknownCommandIsRefused(t *testing.T) {
	var stderr bytes.Buffer
	p := &program{ctx: t.Context(), stdout: &stderr, stderr: &stderr, dir: t.TempDir()}
	if status := p.run([]string{"dance"}); status != exitSettings || !strings.Contains(stderr.String(), "dance") {
		t.Errorf("exit status %d: %s", status, stderr.String())
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
	if out := run("sessions", "end"); out != "0 ended\n" {
		t.Errorf("got %q", out)
	}
	if keys, err := filepath.Glob(filepath.Join(dir, "*.key")); err != nil || len(keys) > 0 {
		t.Errorf("there are %v, %v", keys, err)
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
