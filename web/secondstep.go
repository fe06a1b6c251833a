package web

import (
	"errors"
	"maps"
	"net/http"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/domain/onetime"
	"octavo/lang"
	"octavo/views"
	"octavo/web/internal/qr"
)

// secondStepHandler shows and changes what somebody signs in with besides the password.
type secondStepHandler struct{ *server }

func (h secondStepHandler) show(c echo.Context, _ domain.ReadAccess) error {
	ctx, actor := c.Request().Context(), admitted(c).actor
	step, err := h.accounts.SecondStep(ctx, actor)
	if err != nil {
		return err
	}
	if !step.On() {
		return h.offer(c, onetime.NewSecret(), nil)
	}
	return h.present(c, http.StatusOK, h.stepOn(c, step))
}

// stepOn returns what the page shows of a second step that is on.
func (h secondStepHandler) stepOn(c echo.Context, step domain.SecondStep) views.SecondStep {
	v := views.SecondStep{Base: h.base, On: true, Left: len(step.Recovery)}
	v.Since, v.SinceDateTime = printDate(lang.From(c.Request().Context()), step.Since)
	return v
}

// secondStepForm is what somebody turns the second step on with.
type secondStepForm struct {
	Secret string `form:"secret"`
	Code   string `form:"code"`
}

// turnOn turns the second step on. Its answer alone shows the recovery codes, and isn't kept by any browser.
func (h secondStepHandler) turnOn(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	form, err := read[secondStepForm](c)
	if err != nil {
		return err
	}
	actor := admitted(c).actor
	step, err := h.accounts.SecondStep(c.Request().Context(), actor)
	if err != nil {
		return err
	}
	if step.On() { // the page with the codes is loaded again
		return h.redirect(c, h.base.SecondStep())
	}
	codes, err := h.accounts.TurnOnSecondStep(c.Request().Context(), actor, form.Secret, form.Code, h.session(c))
	if errors.Is(err, domain.Invalid) {
		secret, ok := onetime.ParseSecret(form.Secret)
		if !ok {
			secret = onetime.NewSecret()
		}
		return h.offer(c, secret, err)
	}
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditSecondStepOn, by(actor.User))
	return h.present(c, http.StatusOK, views.SecondStep{Base: h.base, On: true, Codes: codes})
}

// codeForm is what somebody changes their second step with.
type codeForm struct {
	Code string `form:"code"`
}

func (h secondStepHandler) renew(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	form, err := read[codeForm](c)
	if err != nil {
		return err
	}
	actor := admitted(c).actor
	codes, err := h.accounts.RenewRecoveryCodes(c.Request().Context(), actor, form.Code, h.session(c))
	if err != nil {
		return h.refused(c, err, func(v *views.SecondStep, said string) { v.RenewError = said })
	}
	h.audit(c, domain.AuditRecoveryCodesMade, by(actor.User))
	return h.present(c, http.StatusOK, views.SecondStep{Base: h.base, On: true, Codes: codes})
}

func (h secondStepHandler) turnOff(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	form, err := read[codeForm](c)
	if err != nil {
		return err
	}
	actor := admitted(c).actor
	if err := h.accounts.TurnOffSecondStep(c.Request().Context(), actor, form.Code, h.session(c)); err != nil {
		return h.refused(c, err, func(v *views.SecondStep, said string) { v.OffError = said })
	}
	h.audit(c, domain.AuditSecondStepOff, by(actor.User))
	h.setNotice(c, noticeSecondStepOff, actor.User)
	return h.redirect(c, h.base.Settings())
}

// refused shows the page once more to somebody whose code wasn't taken. tell says so beside the form that it was sent with.
func (h secondStepHandler) refused(c echo.Context, err error, tell func(*views.SecondStep, string)) error {
	if !errors.Is(err, domain.Invalid) && !errors.Is(err, domain.TooMany) {
		return err
	}
	ctx, actor := c.Request().Context(), admitted(c).actor
	h.auditRefusal(c, domain.AuditCodeRefused, to(actor.User))
	a := h.answerTo(ctx, c.Request().Method, c.Path(), err)
	maps.Copy(c.Response().Header(), a.headers())
	if len(a.fields) > 0 {
		a.say(ctx, a.fields[0].Message)
	}
	step, err := h.accounts.SecondStep(ctx, actor)
	if err != nil {
		return err
	}
	v := h.stepOn(c, step)
	tell(&v, sentence(a.text))
	return h.present(c, a.status, v)
}

// offer shows a secret to give to an app, and asks for a code of it. wrong is what was wrong with one.
func (h secondStepHandler) offer(c echo.Context, secret onetime.Secret, wrong error) error {
	ctx := c.Request().Context()
	user, err := h.accounts.User(ctx, admitted(c).actor)
	if err != nil {
		return err
	}
	switch {
	case user.Password == "" && wrong != nil:
		return domain.ErrPasswordFirst
	case user.Password == "":
		return h.present(c, http.StatusOK, views.SecondStep{Base: h.base, NeedsPassword: true})
	}
	v := views.SecondStep{Base: h.base, Secret: string(secret), Errors: fieldErrors(lang.From(ctx), wrong)}
	v.QR.Path, v.QR.Size, err = qr.Path(secret.URL("Octavo", user.Name))
	if err != nil {
		return err
	}
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return h.present(c, status, v)
}

// present shows the page, which has secrets and so isn't kept by any browser.
func (h secondStepHandler) present(c echo.Context, status int, v views.SecondStep) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return h.render(c, status, views.SecondStepPage(h.page(c, lang.T(c.Request().Context(), "page.second_step"), "settings"), v))
}
