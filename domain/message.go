package domain

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Code names something that is said to a person, as in "note.not_found". The words stand in a catalogue outside of the
// domain, in each language.
type Code string

// Args are what a message says beside its words, by name. The one called "count" decides between singular and plural.
// They are numbers, Bytes and texts.
type Args map[string]any

// Bytes is a size, which people read in a unit that fits it.
type Bytes int64

// Message is something that is said to a person.
type Message struct {
	Code Code `json:"code"`
	Args Args `json:"args,omitempty"`
}

// NewMessage returns a message with its arguments, each a name and a value.
func NewMessage(code Code, args ...any) Message {
	m := Message{Code: code}
	if len(args) > 0 {
		m.Args = make(Args, len(args)/2)
	}
	for i := 0; i+1 < len(args); i += 2 {
		m.Args[args[i].(string)] = args[i+1]
	}
	return m
}

// With returns the message with one more argument.
func (m Message) With(name string, value any) Message {
	args := Args{name: value}
	maps.Copy(args, m.Args)
	m.Args = args
	return m
}

// String returns the message as logs have it: the code with the arguments, ordered by name.
func (m Message) String() string {
	var b strings.Builder
	b.WriteString(string(m.Code))
	for _, name := range slices.Sorted(maps.Keys(m.Args)) {
		fmt.Fprintf(&b, " %s=%v", name, m.Args[name])
	}
	return b.String()
}

// UnmarshalJSON reads whole numbers as the int that they were.
func (a *Args) UnmarshalJSON(text []byte) error {
	var read map[string]any
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	for name, value := range read {
		if n, ok := value.(float64); ok && n == float64(int(n)) {
			read[name] = int(n)
		}
	}
	*a = read
	return nil
}
