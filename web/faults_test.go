package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
	"octavo/web"
)

func TestTheSameFaultIsLoggedOnceASecondWithACount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		broken := &brokenStore{s.store, nil}
		site := newSite(t, func(cfg *web.Config) { cfg.App = app.New(broken, &memory.Blobs{}, s.clock) })
		for i := range 500 {
			broken.err = fmt.Errorf("read tcp 127.0.0.1:%d: reset: %w", 10000+i, domain.Unavailable)
			site.get("/notes").wantStatus(http.StatusServiceUnavailable)
		}
		broken.err = errors.New("something else")
		first := site.get("/notes").wantStatus(http.StatusInternalServerError)
		second := site.get("/notes").wantStatus(http.StatusInternalServerError)
		wantEqual(t, first.text(".lead"), second.text(".lead"))
		_, reference, _ := strings.Cut(strings.TrimSuffix(second.text(".lead"), "."), "reference ")
		if reference == "" || !strings.Contains(site.log.faults(), "request_id="+reference) {
			t.Errorf("the log has nothing under %q", reference)
		}
		time.Sleep(2 * time.Second)
		log := site.log.String()
		if n := strings.Count(log, "request failed"); n != 2 {
			t.Errorf("%d faults are logged, want 2:\n%s", n, log)
		}
		if !strings.Contains(log, "count=499") || !strings.Contains(log, "count=1\n") {
			t.Errorf("they aren't counted:\n%s", log)
		}
		site.get("/notes")
		if n := strings.Count(site.log.String(), "request failed"); n != 3 {
			t.Errorf("after a while it isn't logged again: %d", n)
		}
		time.Sleep(2 * time.Second)
	})
}
