package web

import (
	"cmp"
	"strconv"

	"github.com/labstack/echo/v4"

	"octavo/domain"
)

// read returns the form that a request sends: the fields of a struct whose tags name those of the form, or of the URL
// where that may say it instead. A form that has something to check does so.
func read[Form any](c echo.Context) (form Form, err error) {
	if err := c.Bind(&form); err != nil {
		return form, err
	}
	return form, c.Validate(&form)
}

// binder is Echo's for forms, whose bodies withForm has read.
type binder struct{ echo.DefaultBinder }

func (b *binder) Bind(form any, c echo.Context) error {
	return cmp.Or(b.BindQueryParams(c, form), b.BindBody(c, form))
}

// validator is Echo's for forms that know what must hold of them.
type validator struct{}

func (validator) Validate(form any) error {
	if f, ok := form.(interface{ validate() error }); ok {
		return f.validate()
	}
	return nil
}

// baseVersion is the version of a note that a form is based on, or 0 where it doesn't say.
type baseVersion int

// UnmarshalParam implements echo.BindUnmarshaler.
func (v *baseVersion) UnmarshalParam(text string) error {
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		*v = baseVersion(n)
	}
	return nil
}

func (v baseVersion) validate() error {
	if v == 0 {
		return domain.NewInvalid(domain.NewFieldError("version", "note.no_version"))
	}
	return nil
}
