// Package thumbnail makes small pictures of large ones.
package thumbnail

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	_ "image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"

	"octavo/domain/picture"
)

// Side is how long the sides of a thumbnail are at most, in pixels: twice what they are on a page, for screens that show
// more.
const Side = 2 * 72

const (
	maxMemory = 48 << 20 // bytes that a picture may take once it is decoded
	maxHead   = 1 << 20  // bytes that are looked at before
	quality   = 80       // of a JPEG, of 100
)

// ErrNone is returned for what isn't a PNG, a JPEG, a GIF or a WebP that can be read, and for one that would take too much
// memory.
var ErrNone = errors.New("no thumbnail can be made")

// Make returns the middle of the picture that content is, as a square, and its media type: a JPEG, or a PNG where one sees
// through it. The first frame stands for a GIF that moves; a WebP that moves has none. What can't be read for another reason
// is that error, and it is the cause of ctx once that has ended.
func Make(ctx context.Context, content io.ReadSeeker) (thumbnail []byte, mediaType string, err error) {
	head, err := io.ReadAll(io.LimitReader(content, maxHead))
	if err != nil {
		return nil, "", err
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(head))
	if err != nil || config.Width <= 0 || config.Height <= 0 || memory(config, format, head) > maxMemory {
		return nil, "", ErrNone
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return nil, "", err
	}
	source := &reader{ctx: ctx, r: content}
	whole, _, err := image.Decode(source)
	switch {
	case source.err != nil:
		return nil, "", source.err
	case err != nil:
		return nil, "", ErrNone
	}
	small := shrink(whole)
	if format == "jpeg" {
		small = turn(small, picture.Orientation(head))
	}
	var b bytes.Buffer
	if small.Opaque() {
		err = jpeg.Encode(&b, small, &jpeg.Options{Quality: quality})
		return b.Bytes(), "image/jpeg", err
	}
	err = png.Encode(&b, small)
	return b.Bytes(), "image/png", err
}

// reader remembers why its content couldn't be read. A decoder reads little at a time, so it ends soon after its context.
type reader struct {
	ctx context.Context //nolint:containedctx // a decoder takes none
	r   io.Reader
	err error
}

func (r *reader) Read(b []byte) (int, error) {
	if r.err = context.Cause(r.ctx); r.err != nil {
		return 0, r.err
	}
	n, err := r.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// memory returns how many bytes a picture takes at most while it is decoded, and maxMemory+1 for one of four colours, which
// is for printers.
func memory(config image.Config, format string, head []byte) int64 {
	perPixel := int64(8)
	switch format {
	case "gif":
		perPixel = 1
	case "png":
		perPixel = 4
		switch config.ColorModel {
		case color.RGBA64Model, color.NRGBA64Model, color.Gray16Model:
			perPixel = 8
		}
	case "jpeg":
		perPixel = 3
		if bytes.Contains(head, []byte{0xff, 0xc2}) { // it comes in several scans, of which the numbers are kept to the end
			perPixel += 4 * 3
		}
		switch config.ColorModel {
		case color.CMYKModel:
			return maxMemory + 1
		case color.RGBAModel:
			perPixel += 4
		}
	}
	return int64(config.Width) * int64(config.Height) * perPixel
}

// shrink returns the middle of a picture. It is sampled first and then averaged, which takes a fraction of the time and of the
// memory that averaging all of it would.
func shrink(whole image.Image) *image.RGBA {
	const samples = 4 * Side
	bounds := whole.Bounds()
	side := min(bounds.Dx(), bounds.Dy())
	corner := bounds.Min.Add(image.Pt((bounds.Dx()-side)/2, (bounds.Dy()-side)/2))
	middle := image.Rectangle{corner, corner.Add(image.Pt(side, side))}
	if side > samples {
		sampled := square(samples)
		draw.ApproxBiLinear.Scale(sampled, sampled.Bounds(), whole, middle, draw.Src, nil)
		whole, middle = sampled, sampled.Bounds()
	}
	small := square(min(side, Side))
	draw.BiLinear.Scale(small, small.Bounds(), whole, middle, draw.Src, nil)
	return small
}

func square(side int) *image.RGBA { return image.NewRGBA(image.Rect(0, 0, side, side)) }

// turn returns a square as its orientation says (see picture.Orientation).
func turn(from *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return from
	}
	to := square(from.Rect.Dx())
	last := from.Rect.Dx() - 1
	for y := range last + 1 {
		for x := range last + 1 {
			fromX, fromY := x, y
			switch orientation {
			case 2:
				fromX = last - x
			case 3:
				fromX, fromY = last-x, last-y
			case 4:
				fromY = last - y
			case 5:
				fromX, fromY = y, x
			case 6:
				fromX, fromY = y, last-x
			case 7:
				fromX, fromY = last-y, last-x
			case 8:
				fromX, fromY = last-y, x
			}
			to.SetRGBA(x, y, from.RGBAAt(fromX, fromY))
		}
	}
	return to
}
