package domain

import (
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"octavo/domain/query"
)

// NoteCursor is a position in a list of notes: the last note of one page, after which the next page begins.
type NoteCursor struct {
	State  NoteState
	Order  NoteOrder
	Pinned bool
	Time   time.Time // Note.Listed or, in a list sorted by creation, when it was made
	Place  string    // its TitlePlace, in a list sorted by titles, which has no Time
	ID     ID
}

// String returns the cursor as opaque text for a URL. ParseNoteCursor reads it back.
func (c NoteCursor) String() string {
	place := strconv.FormatInt(c.Time.UnixMicro(), 36)
	if c.Order == ByTitle {
		place = c.Place
	}
	return encodeCursor("n"+string(c.Order), string(c.State), flag(c.Pinned), string(c.ID), place)
}

// ParseNoteCursor reads a cursor of the list that a filter has. A cursor that is not of that list is Invalid.
func ParseNoteCursor(text string, of NoteFilter) (NoteCursor, error) {
	part, ok := decodeCursor(text, "n"+string(of.Order), 4)
	if !ok {
		return NoteCursor{}, errCursor
	}
	id, isID := ParseID(part[2])
	if NoteState(part[0]) != of.State || !isFlag(part[1]) || !isID {
		return NoteCursor{}, errCursor
	}
	c := NoteCursor{State: of.State, Order: of.Order, Pinned: part[1] == flag(true), ID: id}
	if of.Order == ByTitle {
		if c.Place = part[3]; unstorable(c.Place) != "" {
			return NoteCursor{}, errCursor
		}
		return c, nil
	}
	micros, err := strconv.ParseInt(part[3], 36, 64)
	if err != nil {
		return NoteCursor{}, errCursor
	}
	c.Time = time.UnixMicro(micros).UTC()
	return c, nil
}

// SearchCursor is a position among the notes that a search finds, which are sorted by rank first.
type SearchCursor struct {
	Rank    query.Rank
	Updated time.Time
	ID      ID
}

// String returns the cursor as opaque text for a URL. ParseSearchCursor reads it back.
func (c SearchCursor) String() string {
	return encodeCursor("s", strconv.Itoa(int(c.Rank)), strconv.FormatInt(c.Updated.UnixMicro(), 36), string(c.ID))
}

// ParseSearchCursor reads a cursor of a search. Any other text is Invalid.
func ParseSearchCursor(text string) (SearchCursor, error) {
	part, ok := decodeCursor(text, "s", 3)
	if !ok {
		return SearchCursor{}, errCursor
	}
	rank, wrongRank := strconv.Atoi(part[0])
	micros, err := strconv.ParseInt(part[1], 36, 64)
	id, isID := ParseID(part[2])
	if wrongRank != nil || rank < 0 || rank > int(query.TextHas) || err != nil || !isID {
		return SearchCursor{}, errCursor
	}
	return SearchCursor{Rank: query.Rank(rank), Updated: time.UnixMicro(micros).UTC(), ID: id}, nil
}

// SpacesCursor is a position among the notes that a search finds in several spaces: in each of which something has been shown
// the last of that.
type SpacesCursor map[ID]SearchCursor

// String returns the cursor as opaque text for a URL. ParseSpacesCursor reads it back.
func (c SpacesCursor) String() string {
	parts := []string{"m"}
	for _, space := range slices.Sorted(maps.Keys(c)) {
		parts = append(parts, string(space), c[space].String())
	}
	return encodeCursor(parts...)
}

// ParseSpacesCursor reads a cursor of a search in several spaces. Any other text is Invalid.
func ParseSpacesCursor(text string) (SpacesCursor, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	parts := strings.Split(string(raw), ".")
	if err != nil || parts[0] != "m" || len(parts)%2 != 1 || len(parts) == 1 || len(parts) > 1+2*(1+MaxSpaces) {
		return nil, errCursor
	}
	c := SpacesCursor{}
	for part := range slices.Chunk(parts[1:], 2) {
		space, isID := ParseID(part[0])
		if c[space], err = ParseSearchCursor(part[1]); err != nil || !isID {
			return nil, errCursor
		}
	}
	return c, nil
}

// RecordCursor is a position in the list of records: the id of the last record of one page.
type RecordCursor ID

// String returns the cursor as opaque text for a URL. ParseRecordCursor reads it back.
func (c RecordCursor) String() string { return encodeCursor("r", string(c)) }

// ParseRecordCursor reads a cursor of the list of records. Any other text is Invalid.
func ParseRecordCursor(text string) (RecordCursor, error) {
	part, ok := decodeCursor(text, "r", 1)
	if !ok {
		return "", errCursor
	}
	id, ok := ParseID(part[0])
	if !ok {
		return "", errCursor
	}
	return RecordCursor(id), nil
}

var errCursor = NewInvalid(NewFieldError("after", "list.no_place"))

func flag(set bool) string {
	if set {
		return "1"
	}
	return "0"
}

func isFlag(text string) bool { return text == flag(true) || text == flag(false) }

func encodeCursor(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, ".")))
}

// decodeCursor returns the n parts that follow the list's letter. There may be a '.' in the last one.
func decodeCursor(text, list string, n int) (parts []string, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, false
	}
	parts = strings.SplitN(string(raw), ".", n+1)
	if len(parts) != n+1 || parts[0] != list {
		return nil, false
	}
	return parts[1:], true
}
