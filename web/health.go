package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
)

// healthHandler tells what runs the program how it is.
type healthHandler struct{ app *app.App }

func (healthHandler) alive(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyTime is how long the database may take to answer before the app counts as not ready.
const readyTime = 2 * time.Second

// ready answers whether the database does, and is sound as far as is known.
func (h healthHandler) ready(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTime)
	defer cancel()
	switch err := h.app.Ready(ctx); {
	case errors.Is(err, domain.Damaged):
		return newHTTPError(http.StatusServiceUnavailable, "problem.not_ready")
	case err != nil:
		return fmt.Errorf("%w: %w", domain.Unavailable, err)
	}
	return c.String(http.StatusOK, "ok\n")
}
