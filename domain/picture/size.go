// Package picture tells how large pictures are.
package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io"
)

// Size is how wide and how high a picture is shown, in pixels; zero where that is unknown.
type Size struct{ Width, Height int }

// maxSide is how long a side may be, and maxHeader how many bytes may stand before what tells a size.
const (
	maxSide   = 65_535
	maxHeader = 1 << 20
)

// SizeOf returns the size of the PNG, JPEG, GIF or WebP that begins in r. It reads no more than a header, whatever that says.
// The size of any other content is unknown. The error is that of r.
func SizeOf(r io.Reader) (Size, error) {
	source := &header{r: io.LimitReader(r, maxHeader)}
	config, format, err := image.DecodeConfig(source)
	if errors.Is(err, image.ErrFormat) || format == "webp" { // which another package may have Go's library read
		config, err = webP(source.read), nil
	}
	if err != nil || config.Width <= 0 || config.Height <= 0 || config.Width > maxSide || config.Height > maxSide {
		return Size{}, source.err
	}
	if format == "jpeg" && Orientation(source.read) >= 5 { // a quarter, so that its sides change places
		return Size{config.Height, config.Width}, nil
	}
	return Size{config.Width, config.Height}, nil
}

// header keeps what is read of it, and why it couldn't be.
type header struct {
	r    io.Reader
	read []byte
	err  error
}

func (h *header) Read(b []byte) (int, error) {
	n, err := h.r.Read(b)
	h.read = append(h.read, b[:n]...)
	if err != nil && !errors.Is(err, io.EOF) {
		h.err = err
	}
	return n, err
}

// webP returns the size that the first chunk of a WebP says, which Go's library doesn't read.
func webP(head []byte) (c image.Config) {
	if len(head) < 30 || !bytes.HasPrefix(head, []byte("RIFF")) || !bytes.HasPrefix(head[8:], []byte("WEBPVP8")) {
		return c
	}
	switch head[15] {
	case ' ':
		if bytes.HasPrefix(head[23:], []byte("\x9d\x01\x2a")) {
			c.Width, c.Height = little16(head[26:])&0x3fff, little16(head[28:])&0x3fff
		}
	case 'L':
		if bits := int(binary.LittleEndian.Uint32(head[21:])); head[20] == 0x2f {
			c.Width, c.Height = bits&0x3fff+1, bits>>14&0x3fff+1
		}
	case 'X':
		c.Width, c.Height = little16(head[24:])+int(head[26])<<16+1, little16(head[27:])+int(head[29])<<16+1
	}
	return c
}

func little16(b []byte) int { return int(binary.LittleEndian.Uint16(b)) }

// Orientation returns what the camera says in Exif of how a picture is turned and mirrored to be shown: 1 to 8, and 1 where it
// says nothing in the beginning of the picture that is head.
func Orientation(head []byte) int {
	_, exif, _ := bytes.Cut(head, []byte("Exif\x00\x00"))
	const entrySize, orientation, short = 12, 0x0112, 3
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(exif, []byte("MM\x00*")):
		order = binary.BigEndian
	case !bytes.HasPrefix(exif, []byte("II*\x00")):
		return 1
	}
	if len(exif) < 8 {
		return 1
	}
	at := uint64(order.Uint32(exif[4:]))
	if at+2 > uint64(len(exif)) {
		return 1
	}
	count := int(order.Uint16(exif[at:]))
	for entries := exif[at+2:]; count > 0 && len(entries) >= entrySize; count, entries = count-1, entries[entrySize:] {
		if order.Uint16(entries) == orientation && order.Uint16(entries[2:]) == short {
			if o := order.Uint16(entries[8:]); o >= 1 && o <= 8 {
				return int(o)
			}
		}
	}
	return 1
}
