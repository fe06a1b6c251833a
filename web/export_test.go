package web

import (
	"github.com/labstack/echo/v4"
)

// Routes returns every route as method and path, with ids as in the API's description.
func Routes() (routes []string) {
	s := &server{}
	e := echo.New()
	s.routes(e, "test")
	for _, r := range e.Routes() {
		routes = append(routes, r.Method+" "+r.Path)
	}
	return routes
}
