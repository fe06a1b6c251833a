package docs_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/memory"
)

// Notifier is the port to whoever wants to know.
type Notifier interface {
	// Notify sends a text. It returns an error when it hasn't arrived.
	Notify(ctx context.Context, text string) error
}

// Inbox keeps records and notifies somebody of them, once in a cool-down at most: the store's lease sees to that,
// however many instances of the program there are.
type Inbox struct {
	store    domain.Store
	clock    domain.Clock
	notifier Notifier
	coolDown time.Duration
}

// Keep stores a record. A record that comes beside an error has been stored, and nobody has been notified.
func (i *Inbox) Keep(ctx context.Context, access domain.WriteAccess, draft domain.RecordDraft) (domain.Record, error) {
	now := i.clock.Now()
	record, err := domain.NewRecord(draft, now)
	if err != nil {
		return domain.Record{}, err
	}
	if err := i.store.Records(access).Add(ctx, record); err != nil {
		return domain.Record{}, err
	}
	due, err := i.store.Housekeeping().Lease(ctx, "notify "+string(access.Space()), now, now.Add(i.coolDown))
	if err == nil && due {
		err = i.notifier.Notify(ctx, "New in your inbox: "+record.Title)
	}
	return record, err
}

// webhook is a Notifier that posts each text to a URL.
type webhook struct {
	client *http.Client
	url    string
}

func (w webhook) Notify(ctx context.Context, text string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, strings.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "text/plain; charset=utf-8")
	response, err := w.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("the webhook answered %s", response.Status)
	}
	return nil
}

// notices is a Notifier that remembers what it was told.
type notices []string

func (n *notices) Notify(_ context.Context, text string) error {
	*n = append(*n, text)
	return nil
}

// wristwatch is a Clock that a test sets.
type wristwatch struct{ time.Time }

func (w *wristwatch) Now() time.Time { return w.Time }

func TestAnInboxNotifiesOnceInACoolDown(t *testing.T) {
	sent, clock := new(notices), &wristwatch{domain.SystemClock{}.Now()}
	store := memory.New()
	me, err := addOwner(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	inbox := &Inbox{store, clock, sent, 10 * time.Minute}
	for _, mail := range []struct {
		title string
		after time.Duration
	}{{"first", 0}, {"a minute later", time.Minute}, {"much later", time.Hour}} {
		clock.Time = clock.Add(mail.after)
		if _, err := inbox.Keep(t.Context(), me, domain.RecordDraft{Title: mail.title}); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"New in your inbox: first", "New in your inbox: much later"}; !slices.Equal(*sent, want) {
		t.Errorf("sent %q, want %q", *sent, want)
	}
}

func TestAWebhookIsPostedWhatThereIsToSay(t *testing.T) {
	var heard string
	answer := http.StatusNoContent
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		heard = r.Method + " " + string(text)
		w.WriteHeader(answer)
	}))
	defer server.Close()
	hook := webhook{server.Client(), server.URL}
	if err := hook.Notify(t.Context(), "New"); err != nil || heard != "POST New" {
		t.Errorf("heard %q, and the error is %v", heard, err)
	}
	answer = http.StatusBadGateway
	if err := hook.Notify(t.Context(), "New"); err == nil {
		t.Error("a webhook that fails counts as notified")
	}
}
