package ent_test

import (
	"errors"
	"net/url"
	"strings"
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
