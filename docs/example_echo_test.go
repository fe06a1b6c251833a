package docs_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/cli"
	"octavo/domain"
	"octavo/lang"
)

// newServer serves /records. records gives each request the repository of whoever sent it.
func newServer(records func(*http.Request) domain.Records, clock domain.Clock) *echo.Echo {
	e := echo.New()
	e.HTTPErrorHandler = answerError

	e.POST("/records", func(c echo.Context) error {
		var draft domain.RecordDraft
		if err := c.Bind(&draft); err != nil {
			return err
		}
		r, err := domain.NewRecord(draft, clock.Now())
		if err != nil {
			return err
		}
		if err := records(c.Request()).Add(c.Request().Context(), r); err != nil {
			return err
		}
		return c.JSON(http.StatusCreated, recordAnswer{string(r.ID), r.Title})
	})

	e.GET("/records", func(c echo.Context) error {
		list, err := records(c.Request()).List(c.Request().Context(), "", 100)
		if err != nil {
			return err
		}
		answer := make([]recordAnswer, len(list))
		for i, r := range list {
			answer[i] = recordAnswer{string(r.ID), r.Title}
		}
		return c.JSON(http.StatusOK, answer)
	})

	e.GET("/records/:id", func(c echo.Context) error {
		// A malformed id is an id that nothing has, and so needs no case of its own.
		id, _ := domain.ParseID(c.Param("id"))
		r, err := records(c.Request()).Get(c.Request().Context(), id)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, recordAnswer{string(r.ID), r.Title})
	})
	return e
}

type recordAnswer struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// answerError turns an error's kind into a status. It is the only place that does: handlers return what they get.
func answerError(err error, c echo.Context) {
	status, detail := http.StatusInternalServerError, "Something went wrong"
	var known *domain.Error
	var fromEcho *echo.HTTPError
	switch {
	case errors.As(err, &known) && errors.Is(err, domain.NotFound):
		status, detail = http.StatusNotFound, lang.English().Explain(known)
	case errors.As(err, &known) && errors.Is(err, domain.Invalid):
		status, detail = http.StatusUnprocessableEntity, lang.English().Explain(known)
	case errors.As(err, &fromEcho):
		status, detail = fromEcho.Code, http.StatusText(fromEcho.Code)
	}
	if err := c.JSON(status, map[string]string{"detail": detail}); err != nil {
		c.Logger().Error(err)
	}
}

// serveRecords sends a few requests to a server over an SQL database.
func serveRecords(ctx context.Context) (err error) {
	store, err := cli.OpenStore(ctx, ".")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	me, err := addOwner(ctx, store)
	if err != nil {
		return err
	}

	forRequest := func(*http.Request) domain.Records {
		// A real server asks the request's session who is there, and then what they may do.
		return store.Records(me)
	}
	server := newServer(forRequest, domain.SystemClock{})

	for _, request := range []struct{ method, path, body string }{
		{http.MethodPost, "/records", `{"title": "Groceries", "content": "milk"}`},
		{http.MethodPost, "/records", `{"content": "no title"}`},
		{http.MethodGet, "/records", ""},
		{http.MethodGet, "/records/unknown", ""},
	} {
		status, answer, err := send(ctx, server, request.method, request.path, request.body)
		if err != nil {
			return err
		}
		fmt.Println(request.method, request.path, status, answer)
	}
	return nil
}

func Example_echo() {
	if err := serveRecords(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// POST /records 201 {"id":"…","title":"Groceries"}
	// POST /records 422 {"detail":"Please check the highlighted fields: title: Give the record a title."}
	// GET /records 200 [{"id":"…","title":"Groceries"}]
	// GET /records/unknown 404 {"detail":"Record not found"}
}

// send sends a request to a handler and returns the answer, with … for each id, which is never the same twice.
func send(ctx context.Context, handler http.Handler, method, path, body string) (status int, answer string, err error) {
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
	r.Header.Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	content, err := io.ReadAll(w.Result().Body)
	return w.Code, anyID.ReplaceAllString(strings.TrimSpace(string(content)), "…"), err
}
