package web

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// idle is whoever asks for something and takes nothing of it, until their time is over.
type idle struct {
	*httptest.ResponseRecorder
	asked chan struct{}
	over  chan struct{}
}

func newIdle() *idle {
	return &idle{httptest.NewRecorder(), make(chan struct{}), make(chan struct{})}
}

func (i *idle) Write([]byte) (int, error) {
	close(i.asked)
	<-i.over
	return 0, os.ErrDeadlineExceeded
}

func (i *idle) SetWriteDeadline(t time.Time) error {
	if !t.After(time.Now()) {
		close(i.over)
	}
	return nil
}

func TestWhatReadersDoNotTakeIsNotKept(t *testing.T) {
	all := deliveries{all: map[*delivery]struct{}{}}
	deliver := func(w http.ResponseWriter, size int) error {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		d := all.deliver(echo.New().NewContext(r, w), size)
		defer d.end()
		_, err := d.Write(make([]byte, 100))
		return err
	}
	untaken := func() int64 {
		all.mu.Lock()
		defer all.mu.Unlock()
		return all.untaken
	}
	const size = 1 << 20
	ended := make(chan int, 1000)
	for i := range 10 * maxUntaken / size {
		reader := newIdle()
		go func() {
			if err := deliver(reader, size); err == nil {
				t.Error("what nobody took is delivered")
			}
			ended <- i
		}()
		<-reader.asked
		if got := untaken(); got > maxUntaken {
			t.Fatalf("%d bytes wait to be taken", got)
		}
		if i >= maxUntaken/size {
			if first := <-ended; first != i-maxUntaken/size {
				t.Fatalf("the delivery that ends is that of reader %d, when %d of them wait", first, i)
			}
		}
	}
	taken := httptest.NewRecorder()
	if err := deliver(taken, size); err != nil || taken.Body.Len() != 100 {
		t.Errorf("who takes it gets %d bytes, %v", taken.Body.Len(), err)
	}
	<-ended // it made place for that
	for untaken() > 0 {
		all.mu.Lock()
		all.endSlowest(nil)
		all.mu.Unlock()
		<-ended
	}
}
