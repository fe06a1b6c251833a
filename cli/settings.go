package cli

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"math"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"

	"octavo/domain"
)

// settings is everything that the environment or .env can say. .env.example explains each.
type settings struct {
	Backend    string `env:"DB_BACKEND" envDefault:"sqlite"`
	SQLitePath string `env:"SQLITE_PATH"`
	Postgres   server `envPrefix:"POSTGRES_"`
	SSLMode    string `env:"POSTGRES_SSLMODE" envDefault:"prefer"`
	Prepared   bool   `env:"POSTGRES_PREPARED" envDefault:"true"`
	MySQL      server `envPrefix:"MYSQL_"`
	MySQLMode  string `env:"MYSQL_SSLMODE" envDefault:"prefer"`
	// DatabaseURL overrides all of the above.
	DatabaseURL     string `env:"DATABASE_URL"`
	DatabaseURLFile string `env:"DATABASE_URL_FILE,file"`

	HTTPAddr       string   `env:"HTTP_ADDR" envDefault:"127.0.0.1:8080"`
	BaseURL        string   `env:"BASE_URL"`
	DataDir        string   `env:"DATA_DIR" envDefault:"data"`
	AutoMigrate    bool     `env:"AUTO_MIGRATE" envDefault:"true"`
	LogLevel       string   `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat      string   `env:"LOG_FORMAT" envDefault:"text"`
	TrustedProxies []string `env:"TRUSTED_PROXIES"`
	HSTSSubdomains bool     `env:"HSTS_SUBDOMAINS"`
	UploadQuota    string   `env:"UPLOAD_QUOTA" envDefault:"10GiB"`

	OIDC provider `envPrefix:"OIDC_"`

	// What the texts above mean.
	base    *url.URL // nil: made of the bound address
	level   slog.Level
	proxies []*net.IPNet
	quota   domain.UploadQuota
}

// provider is the provider of OpenID Connect that people may sign in by.
type provider struct {
	Issuer           string   `env:"ISSUER"`
	ClientID         string   `env:"CLIENT_ID"`
	ClientSecret     string   `env:"CLIENT_SECRET"`
	ClientSecretFile string   `env:"CLIENT_SECRET_FILE,file"`
	Name             string   `env:"NAME"`
	Scopes           []string `env:"SCOPES" envDefault:"profile" envSeparator:" "`
	GroupsClaim      string   `env:"GROUPS_CLAIM" envDefault:"groups"`
	AllowedGroup     string   `env:"ALLOWED_GROUP"`
	AdminGroup       string   `env:"ADMIN_GROUP"`
}

// server is how to reach a database server.
type server struct {
	User         string `env:"USER" envDefault:"octavo"`
	Password     string `env:"PASSWORD"`
	PasswordFile string `env:"PASSWORD_FILE,file"`
	Host         string `env:"HOST" envDefault:"127.0.0.1"`
	Port         string `env:"PORT"`
	DB           string `env:"DB" envDefault:"octavo"`
}

// settingsError says which setting is wrong, how, and what is allowed.
type settingsError struct{ text string }

func (e settingsError) Error() string { return e.text }

func wrongSetting(key, format string, args ...any) error {
	return settingsError{key + ": " + fmt.Sprintf(format, args...)}
}

// settings reads the settings and checks all of them. What the environment says wins over .env, and an empty value
// counts as none.
func (p *program) settings() (settings, error) {
	values, err := p.dotenv()
	if err != nil {
		return settings{}, err
	}
	environ := map[string]string{}
	for _, pair := range p.environ {
		key, value, _ := strings.Cut(pair, "=")
		delete(values, key)
		if value == "" {
			continue
		}
		environ[key] = value
		// A secret may come as itself or as a file: the one in the environment wins over the other in .env too.
		delete(values, key+"_FILE")
		delete(values, strings.TrimSuffix(key, "_FILE"))
	}
	maps.Copy(values, environ)
	var s settings
	unread := env.ParseWithOptions(&s, env.Options{Environment: values})
	return s, errors.Join(s.describe(unread), checkSecrets(values), s.check())
}

// checkSecrets checks that no secret comes as itself and as a file, of which one would count for nothing.
func checkSecrets(values map[string]string) error {
	var both []error
	for _, key := range []string{"DATABASE_URL", "POSTGRES_PASSWORD", "MYSQL_PASSWORD", "OIDC_CLIENT_SECRET"} {
		if file := key + "_FILE"; values[key] != "" && values[file] != "" {
			both = append(both, wrongSetting(key, "%s is set as well; leave out one of them", file))
		}
	}
	return errors.Join(both...)
}

// dotenv reads .env, if there is one, leaving out what is empty. An error says nothing of what is in the file: it may
// be a password.
func (p *program) dotenv() (map[string]string, error) {
	file := filepath.Join(p.dir, ".env")
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, settingsError{err.Error()}
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // some editors begin a file with a byte order mark
	values, err := godotenv.UnmarshalBytes(content)
	if err != nil {
		return nil, settingsError{fmt.Sprintf("%s: line %d can't be read; write KEY=value, with quotes around a value "+
			"that has spaces or # in it", file, firstBadLine(content))}
	}
	maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
	return values, nil
}

// firstBadLine returns the number of the first line up to which content can't be read. A value in quotes may span
// lines, so only a line after which nothing can be read any more counts.
func firstBadLine(content []byte) int {
	lines := bytes.SplitAfter(content, []byte("\n"))
	bad := len(lines)
	for n := len(lines); n > 0; n-- {
		if _, err := godotenv.UnmarshalBytes(bytes.Join(lines[:n], nil)); err == nil {
			break
		}
		bad = n
	}
	return bad
}

// describe names the settings that an error of parsing is about. What can't be read counts as given.
func (s *settings) describe(err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return err
	}
	var wrong []error
	for _, err := range all.Errors {
		var parse env.ParseError
		var file env.LoadFileContentError
		switch {
		case errors.As(err, &parse):
			field, _ := reflect.TypeFor[settings]().FieldByName(parse.Name)
			err = wrongSetting(field.Tag.Get("env"), "must be true or false")
		case errors.As(err, &file):
			err = wrongSetting(file.Key, "the file can't be read: %v", file.Err)
			for key, value := range map[string]*string{
				"POSTGRES_PASSWORD_FILE": &s.Postgres.Password, "MYSQL_PASSWORD_FILE": &s.MySQL.Password,
				"DATABASE_URL_FILE": &s.DatabaseURL,
			} {
				if file.Key == key {
					*value = "?"
				}
			}
		default:
			err = settingsError{err.Error()}
		}
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

// Allowed values, in the order in which they are offered.
var (
	backends   = []string{"sqlite", "postgresql", "postgres", "mysql", "mariadb", "memory"}
	sslModes   = []string{"disable", "prefer", "require", "verify-full"}
	logFormats = []string{"text", "json"}
)

// refused are databases that people ask for, and which can't be.
var refused = map[string]string{"oracle": "Oracle Database", "mssql": "SQL Server", "sqlserver": "SQL Server"}

// checkBackend checks that there is such a backend, and takes one name for each.
func (s *settings) checkBackend() error {
	if name, known := refused[strings.ToLower(s.Backend)]; known {
		return wrongSetting("DB_BACKEND", "%s isn't supported, since Ent has no dialect for it; use %s; see docs/adr/0011-databases.md",
			name, strings.Join(backends, ", "))
	}
	unknown := oneOf("DB_BACKEND", s.Backend, backends)
	switch s.Backend {
	case "postgres":
		s.Backend = "postgresql"
	case "mariadb":
		s.Backend = "mysql"
	}
	return unknown
}

func (s *settings) check() error {
	if s.SQLitePath == "" {
		s.SQLitePath = filepath.Join(s.DataDir, "octavo.db")
	}
	if s.DatabaseURL == "" {
		s.DatabaseURL = strings.TrimSpace(s.DatabaseURLFile)
	}
	return errors.Join(
		s.checkBackend(),
		oneOf("POSTGRES_SSLMODE", s.SSLMode, sslModes),
		oneOf("MYSQL_SSLMODE", s.MySQLMode, sslModes),
		oneOf("LOG_FORMAT", s.LogFormat, logFormats),
		s.checkServer("postgresql", "POSTGRES_", &s.Postgres, "5432"),
		s.checkServer("mysql", "MYSQL_", &s.MySQL, "3306"),
		s.checkAddr(),
		s.checkBaseURL(),
		s.checkLogLevel(),
		s.checkProxies(),
		s.checkUploadQuota(),
		s.OIDC.check(),
	)
}

func (p *provider) check() error {
	if p.ClientSecret == "" {
		p.ClientSecret = strings.TrimRight(p.ClientSecretFile, "\r\n")
	}
	if p.Issuer == "" {
		if p.ClientID != "" {
			return wrongSetting("OIDC_ISSUER", "missing; OIDC_CLIENT_ID needs it")
		}
		return nil
	}
	u, err := url.Parse(p.Issuer)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || (u.Scheme != "https" && !isLocal(u)) {
		return wrongSetting("OIDC_ISSUER", "%q is no issuer; use what the provider says, for example https://id.example.org", p.Issuer)
	}
	if p.ClientID == "" {
		return wrongSetting("OIDC_CLIENT_ID", "missing; OIDC_ISSUER needs it")
	}
	p.Name = cmp.Or(p.Name, u.Hostname())
	return nil
}

// isLocal reports whether a URL leads by http to the machine itself, as for a try.
func isLocal(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && ip.IsLoopback())
}

func oneOf(key, value string, allowed []string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return wrongSetting(key, "%q is unknown; use %s", value, strings.Join(allowed, ", "))
}

// checkServer checks the settings of the server that the backend needs, if it does.
func (s *settings) checkServer(backend, prefix string, db *server, port string) error {
	if s.Backend != backend || s.DatabaseURL != "" {
		return nil
	}
	if db.Password == "" {
		db.Password = strings.TrimRight(db.PasswordFile, "\r\n")
	}
	var missing error
	if db.Password == "" && !db.onSocket() {
		missing = wrongSetting(prefix+"PASSWORD", "missing; DB_BACKEND=%s needs it, or %sPASSWORD_FILE, or a DATABASE_URL", backend, prefix)
	}
	if db.Port == "" {
		db.Port = port
	}
	return errors.Join(missing, checkPort(prefix+"PORT", db.Port))
}

// onSocket reports whether the server is reached by a Unix socket, where it may know by itself who asks.
func (db server) onSocket() bool { return strings.HasPrefix(db.Host, "/") }

func checkPort(key, port string) error {
	least := uint64(1)
	if key == "HTTP_ADDR" {
		least = 0 // which takes any that is free
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n < least {
		return wrongSetting(key, "%q is not a port; use a number from %d to 65535", port, least)
	}
	return nil
}

func (s *settings) checkAddr() error {
	_, port, err := net.SplitHostPort(s.HTTPAddr)
	if err != nil {
		return wrongSetting("HTTP_ADDR", "%q is no address; use HOST:PORT, for example 127.0.0.1:8080", s.HTTPAddr)
	}
	return checkPort("HTTP_ADDR", port)
}

func (s *settings) checkBaseURL() error {
	if s.BaseURL == "" {
		return nil
	}
	u, err := url.Parse(strings.TrimRight(s.BaseURL, "/"))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return wrongSetting("BASE_URL", "%q is no address of a site; use, for example, https://notes.example.org or https://example.org/notes", s.BaseURL)
	}
	if strings.Contains(u.Path+"/", "/spaces/") {
		return wrongSetting("BASE_URL", "%q has /spaces/ in its path, which is what shared spaces are told by; use another path", s.BaseURL)
	}
	s.base = u
	return nil
}

func (s *settings) checkLogLevel() error {
	if err := s.level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return wrongSetting("LOG_LEVEL", "%q is unknown; use debug, info, warn or error", s.LogLevel)
	}
	return nil
}

// sizeUnits are what a size may be given in.
var sizeUnits = map[string]int64{
	"": 1, "B": 1, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40,
	"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
}

func (s *settings) checkUploadQuota() error {
	text := strings.TrimSpace(s.UploadQuota)
	digits := strings.TrimRight(text, "BKMGTibkmgt ")
	unit, known := sizeUnits[strings.ToUpper(strings.TrimSpace(text[len(digits):]))]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !known || n < 0 || n > math.MaxInt64/unit {
		return wrongSetting("UPLOAD_QUOTA", "%q is no size; use, for example, 500MiB or 10GiB, or 0 for no limit", s.UploadQuota)
	}
	s.quota = domain.UploadQuota(n * unit)
	return nil
}

func (s *settings) checkProxies() error {
	for _, text := range s.TrustedProxies {
		text = strings.TrimSpace(text)
		if ip, err := netip.ParseAddr(text); err == nil {
			text = netip.PrefixFrom(ip, ip.BitLen()).String()
		}
		_, network, err := net.ParseCIDR(text)
		if err != nil {
			return wrongSetting("TRUSTED_PROXIES", "%q is no network; use addresses or CIDR networks, separated by commas", text)
		}
		s.proxies = append(s.proxies, network)
	}
	return nil
}

// database returns the URL of the database, and the settings that it is made of, for messages.
func (s *settings) database() (databaseURL, keys string) {
	switch {
	case s.DatabaseURL != "":
		return s.DatabaseURL, "DATABASE_URL"
	case s.Backend == "postgresql":
		query := url.Values{"sslmode": {s.SSLMode}, "prepared": {strconv.FormatBool(s.Prepared)}}
		if s.Postgres.onSocket() {
			query.Set("host", s.Postgres.Host)
			query.Set("port", s.Postgres.Port)
		}
		return s.Postgres.url("postgres", query), serverKeys("POSTGRES_")
	case s.Backend == "mysql":
		query := url.Values{"sslmode": {s.MySQLMode}}
		if s.MySQL.onSocket() {
			query.Set("socket", s.MySQL.Host)
		}
		return s.MySQL.url("mysql", query), serverKeys("MYSQL_")
	case s.Backend == "memory":
		return "memory:", "DB_BACKEND"
	}
	return "sqlite:" + s.SQLitePath, "SQLITE_PATH"
}

// url returns the URL of a server. The socket of one that is on such is in query.
func (db server) url(scheme string, query url.Values) string {
	u := url.URL{Scheme: scheme, User: url.UserPassword(db.User, db.Password), Path: "/" + db.DB, RawQuery: query.Encode()}
	if db.Password == "" {
		u.User = url.User(db.User)
	}
	if !db.onSocket() {
		u.Host = net.JoinHostPort(strings.Trim(db.Host, "[]"), db.Port)
	}
	return u.String()
}

func serverKeys(prefix string) string {
	return prefix + strings.Join([]string{"HOST", "PORT", "USER", "PASSWORD", "DB", "SSLMODE"}, ", "+prefix)
}

// url returns the address under which users find an app that is bound to addr.
func (s *settings) url(addr string) *url.URL {
	if s.base != nil {
		return s.base
	}
	host, port, err := net.SplitHostPort(addr)
	if ip, ipErr := netip.ParseAddr(host); err == nil && (host == "" || (ipErr == nil && ip.IsUnspecified())) {
		addr = net.JoinHostPort("127.0.0.1", port)
	}
	return &url.URL{Scheme: "http", Host: addr}
}
