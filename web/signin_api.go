package web

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"octavo/domain"
)

type sessionBody struct {
	_        struct{} `json:"-" additionalProperties:"true"`
	Name     string   `json:"name" example:"Ada" doc:"What they sign in with"`
	Password string   `json:"password" example:"correct horse"`
	Code     string   `json:"code,omitempty" example:"123456" doc:"That the authenticator app shows, or a recovery code: for whoever has turned on two-step sign-in"`
	Stay     bool     `json:"stay,omitempty" doc:"Whether the cookie outlives the browser"`
}

type sessionInput struct{ Body sessionBody }

// register registers the session that whoever sends a cookie has, as the form of the page starts and ends one.
func (h signInHandler) register(api huma.API) {
	tags := section(api, "Session", "Signing in with a name and a password, where a token isn't what is wanted.")

	handleOpen(h.server, api, huma.Operation{
		OperationID: "create-session", Method: http.MethodPost, Path: route.APISession(), Tags: tags,
		Summary: "Sign in", DefaultStatus: http.StatusNoContent,
		Description: "The answer sets the cookie of the session, in place of the one that was sent. Where a code is needed as well, " +
			"a request without one is answered with the type second_step.needed. Whoever sends the cookie with a request that " +
			"changes something also sends an Origin header, as browsers do.",
		Errors: []int{400, 401, 413, 415, 422, 429, 507},
	}, func(c echo.Context, in *sessionInput) (*struct{}, error) {
		to, err := h.byPassword(c, in.Body.Name, in.Body.Password)
		if err == nil && to.Halfway != "" {
			if in.Body.Code == "" {
				return nil, domain.ErrCodeNeeded
			}
			to, err = h.byCode(c, to.Halfway, in.Body.Code)
		}
		if err == nil {
			h.begin(c, to, in.Body.Stay, "")
		}
		return nil, err
	})

	handleOpen(h.server, api, huma.Operation{
		OperationID: "delete-session", Method: http.MethodDelete, Path: route.APISession(), Tags: tags,
		Summary: "Sign out", DefaultStatus: http.StatusNoContent,
		Description: "Ends the session whose cookie is sent. Whoever has no password comes back by a link alone, which the command octavo link prints.",
		Errors:      []int{401},
	}, func(c echo.Context, _ *struct{}) (*struct{}, error) {
		ctx, token := c.Request().Context(), h.sessionToken(c)
		member, err := h.accounts.BySession(ctx, token)
		if err != nil {
			return nil, err
		}
		if err := h.accounts.SignOut(ctx, token); err != nil {
			return nil, err
		}
		h.audit(c, domain.AuditSignedOut, by(member.Read().User()))
		h.forgetSession(c)
		return nil, nil
	})
}
