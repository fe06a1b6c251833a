package ent_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
)

func TestWhatAServerRefusesIsToldApart(t *testing.T) {
	for name, create := range map[string]func(testing.TB) string{"postgresql": enttest.Postgres, "mysql": enttest.MySQL} {
		t.Run(name, func(t *testing.T) {
			sound, err := url.Parse(create(t))
			must(t, err)
			refused := func(change func(u *url.URL)) error {
				u := *sound
				change(&u)
				store, err := ent.Open(t.Context(), u.String())
				if err == nil {
					t.Fatal("it was opened")
				}
				_ = store
				if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") {
					t.Errorf("it has the password in it, or more than a line: %v", err)
				}
				return err
			}
			wantAbout := func(err error, about any, says string) {
				t.Helper()
				var refusal *ent.Refusal
				if !errors.As(err, &refusal) || refusal.About != about || !strings.Contains(err.Error(), says) ||
					!errors.Is(err, domain.Unavailable) {
					t.Errorf("got %v, want a refusal about the %v that says %q", err, about, says)
				}
			}
			wantAbout(refused(func(u *url.URL) { u.User = url.UserPassword(u.User.Username(), "hunter2") }), ent.Login, "password")
			wantAbout(refused(func(u *url.URL) { u.User = url.UserPassword("nobody_here", "hunter2") }), ent.Login, "nobody_here")
			missing := refused(func(u *url.URL) { u.Path = "/not_there" })
			wantAbout(missing, ent.Database, "not_there")
			wantAbout(refused(func(u *url.URL) { u.RawQuery = "sslmode=verify-full" }), ent.TLS, "TLS")
			away := refused(func(u *url.URL) { u.Host = "127.0.0.1:1" })
			if !errors.Is(away, domain.Unavailable) || !strings.Contains(away.Error(), "127.0.0.1:1") {
				t.Errorf("got %v, want it unavailable", away)
			}
		})
	}
}

func TestAPasswordIsNotPrintedInPieces(t *testing.T) {
	for _, scheme := range []string{"postgres", "mysql"} {
		for _, password := range []string{
			"hun/ter2", "hun@ter2", "hun?ter2", "hun#ter2", "123/ter2", "hun@ter2/x", "@hun@ter2?", "hun%ter2", "hun:ter2", "hun ter2", "[hun]ter2",
		} {
			_, err := ent.Open(t.Context(), scheme+"://octavo:"+password+"@127.0.0.1:1/octavo")
			if err == nil || strings.Contains(err.Error(), "ter2") || strings.Contains(err.Error(), "hun") || strings.Contains(err.Error(), "123") {
				t.Errorf("%s with %s: got %v", scheme, password, err)
			}
		}
	}
}

func TestAServerOnASocketIsNamedByIt(t *testing.T) {
	dir := t.TempDir()
	for _, url := range []string{
		"postgres://octavo@/octavo?host=" + url.QueryEscape(dir) + "&port=5433", "mysql://octavo@/octavo?socket=" + url.QueryEscape(dir+"/sock"),
	} {
		_, err := ent.Open(t.Context(), url)
		if !errors.Is(err, domain.Unavailable) || !strings.Contains(err.Error(), dir) {
			t.Errorf("got %v, want it unavailable at %s", err, dir)
		}
	}
}

// talker listens where a database is looked for, and has talk what comes.
func talker(t *testing.T, talk func(net.Conn)) (address string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { must(t, listener.Close()) })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				talk(c)
			}()
		}
	}()
	return listener.Addr().String()
}

var modes = []string{"disable", "prefer", "require"}

func TestWhatIsNoSuchServerIsSaidToBeNone(t *testing.T) {
	listen := func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	var wg sync.WaitGroup
	for says, address := range map[string]string{
		"an HTTP server": strings.TrimPrefix(web.URL, "http://"),
		"something else": talker(t, func(c net.Conn) {
			_, _ = io.WriteString(c, "220 mail.example.org ESMTP\r\n")
			listen(c)
		}),
		"hangs up":     talker(t, func(net.Conn) {}),
		"says nothing": talker(t, listen),
	} {
		for _, mode := range modes {
			wg.Go(func() { wantStranger(t, "postgres", address, mode, says) })
			wg.Go(func() { wantStranger(t, "mysql", address, mode, says) })
		}
	}
	wg.Wait()
}

func TestOneServerIsNotTakenForAnother(t *testing.T) {
	for asked, there := range map[string]struct {
		create func(testing.TB) string
		says   string
	}{
		"postgres": {enttest.MySQL, "MySQL or MariaDB"},
		"mysql":    {enttest.Postgres, "PostgreSQL"},
	} {
		t.Run(asked, func(t *testing.T) {
			u, err := url.Parse(there.create(t))
			must(t, err)
			var wg sync.WaitGroup
			for _, mode := range modes {
				wg.Go(func() { wantStranger(t, asked, u.Host, mode, there.says) })
			}
			wg.Wait()
		})
	}
}

// wantStranger checks what is said of an address at which one looks for a server, and something else is.
func wantStranger(t *testing.T, scheme, address, mode, says string) {
	t.Helper()
	server := map[string]string{"postgres": "PostgreSQL", "mysql": "MySQL"}[scheme]
	_, err := ent.Open(t.Context(), scheme+"://octavo:hunter2@"+address+"/octavo?sslmode="+mode)
	var refusal *ent.Refusal
	if !errors.As(err, &refusal) || refusal.About != ent.Address || !errors.Is(err, domain.Unavailable) ||
		!strings.HasPrefix(err.Error(), server+" at "+address+" isn't there: what ") || !strings.Contains(err.Error(), says) {
		t.Errorf("%s, %s, where one %s: got %v", scheme, mode, says, err)
	}
}
