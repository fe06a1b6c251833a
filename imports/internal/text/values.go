package text

import (
	"encoding/json"
	"errors"
	"io"
)

// ErrNoValues is returned for JSON that isn't what is looked for.
var ErrNoValues = errors.New("not such values")

// Values calls each with every value of the lists that an object of JSON has under some names, while it is read: no more than
// a value is in memory. A value may be no longer than MaxSize.
func Values(r io.Reader, names []string, each func(name string, value json.RawMessage) error) error {
	bounded := &perValue{r: r}
	d := json.NewDecoder(bounded)
	bounded.left = MaxSize
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return errors.Join(ErrNoValues, err)
	}
	for d.More() {
		bounded.left = MaxSize
		token, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		wanted := false
		for _, n := range names {
			wanted = wanted || n == name
		}
		if !wanted {
			if err := skip(d, bounded); err != nil {
				return err
			}
			continue
		}
		if token, err := d.Token(); err != nil || token != json.Delim('[') {
			return errors.Join(ErrNoValues, err)
		}
		for d.More() {
			bounded.left = 2 * MaxSize // what is escaped is longer
			var value json.RawMessage
			if err := d.Decode(&value); err != nil {
				return err
			}
			if err := each(name, value); err != nil {
				return err
			}
		}
		bounded.left = MaxSize
		if _, err := d.Token(); err != nil {
			return err
		}
	}
	return nil
}

// skip reads a value token by token.
func skip(d *json.Decoder, bounded *perValue) error {
	for depth := 0; ; {
		bounded.left = MaxSize
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// perValue reads no more than is left.
type perValue struct {
	r    io.Reader
	left int
}

func (p *perValue) Read(b []byte) (int, error) {
	if p.left <= 0 {
		return 0, ErrTooComplex
	}
	n, err := p.r.Read(b[:min(len(b), p.left)])
	p.left -= n
	return n, err
}
