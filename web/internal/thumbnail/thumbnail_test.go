package thumbnail_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"octavo/web/internal/thumbnail"
)

var red, blue = color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 0, 255, 255}

// halves is a picture that is red on the left of its middle and blue on the right, with margins on both sides that a square
// of its middle hasn't.
func halves(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			switch margin := (width - height) / 2; {
			case x < margin || x >= width-margin:
				m.Set(x, y, color.White)
			case x < width/2:
				m.Set(x, y, red)
			default:
				m.Set(x, y, blue)
			}
		}
	}
	return m
}

func encoded(t testing.TB, m image.Image, encode func(io.Writer, image.Image) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func asJPEG(w io.Writer, m image.Image) error {
	return jpeg.Encode(w, m, &jpeg.Options{Quality: 95})
}

func asGIF(w io.Writer, m image.Image) error { return gif.Encode(w, m, nil) }

// turned returns a JPEG that says how it is turned.
func turned(jpeg string, orientation byte) string {
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string([]byte{orientation}) + "\x00\x00\x00\x00\x00\x00"
	return jpeg[:2] + string(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))) + exif + jpeg[2:]
}

func TestAThumbnailIsTheMiddleOfItsPicture(t *testing.T) {
	wide := encoded(t, halves(1600, 1000), asJPEG)
	for name, c := range map[string]struct {
		content, mediaType string
		side               int
		blueAt             image.Point // a place, of 4 by 4, that is blue; the one across the middle is red
	}{
		"JPEG":               {wide, "image/jpeg", 144, image.Pt(3, 1)},
		"mirrored":           {turned(wide, 2), "image/jpeg", 144, image.Pt(0, 1)},
		"upside down":        {turned(wide, 3), "image/jpeg", 144, image.Pt(0, 1)},
		"turned left":        {turned(wide, 8), "image/jpeg", 144, image.Pt(1, 0)},
		"turned right":       {turned(wide, 6), "image/jpeg", 144, image.Pt(1, 3)},
		"turned and flipped": {turned(wide, 5), "image/jpeg", 144, image.Pt(1, 3)},
		"the other way":      {turned(wide, 7), "image/jpeg", 144, image.Pt(1, 0)},
		"flipped":            {turned(wide, 4), "image/jpeg", 144, image.Pt(3, 1)},
		"PNG":                {encoded(t, halves(500, 400), png.Encode), "image/jpeg", 144, image.Pt(3, 1)},
		"GIF":                {encoded(t, halves(500, 400), asGIF), "image/jpeg", 144, image.Pt(3, 1)},
		"a WebP":             {webp, "image/jpeg", 1, image.Pt(-1, -1)},
		"a small one":        {encoded(t, halves(40, 30), png.Encode), "image/jpeg", 30, image.Pt(3, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			made, mediaType, err := thumbnail.Make(t.Context(), strings.NewReader(c.content))
			if err != nil || mediaType != c.mediaType {
				t.Fatalf("it is %q, with the error %v", mediaType, err)
			}
			m, _, err := image.Decode(bytes.NewReader(made))
			if err != nil {
				t.Fatal(err)
			}
			if m.Bounds() != image.Rect(0, 0, c.side, c.side) {
				t.Errorf("its bounds are %v", m.Bounds())
			}
			if c.blueAt.X < 0 {
				return
			}
			for at, want := range map[image.Point]color.Color{c.blueAt: blue, image.Pt(3, 3).Sub(c.blueAt): red} {
				if got := m.At(at.X*c.side/4+c.side/8, at.Y*c.side/4+c.side/8); !near(got, want) {
					t.Errorf("at %v it is %v, not %v", at, got, want)
				}
			}
		})
	}
}

// webp is one pixel of one colour.
const webp = "RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00\x30\x01\x00\x9d\x01\x2a\x01\x00\x01\x00\x02\x00\x34\x25\xa4\x00\x03\x70\x00\xfe\xfb\x94\x00\x00"

func near(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x2000 }
	return !far(ar, br) && !far(ag, bg) && !far(ab, bb)
}

func TestOneSeesThroughWhatOneSawThrough(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 900, 900))
	for x := range 450 {
		for y := range 900 {
			m.Set(x, y, red)
		}
	}
	made, mediaType, err := thumbnail.Make(t.Context(), strings.NewReader(encoded(t, m, png.Encode)))
	if err != nil || mediaType != "image/png" {
		t.Fatalf("it is %q, with the error %v", mediaType, err)
	}
	small, err := png.Decode(bytes.NewReader(made))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, through := small.At(120, 70).RGBA(); through != 0 || !near(small.At(20, 70), red) {
		t.Errorf("it is %v on the left and %v on the right", small.At(20, 70), small.At(120, 70))
	}
}

func TestWhatTakesTooMuchMemoryOrIsNoPictureHasNoThumbnail(t *testing.T) {
	// A GIF of one pixel that says that it is as large as pictures can be.
	bomb := encoded(t, halves(2, 2), asGIF)
	bomb = bomb[:6] + "\xff\xff\xff\xff" + bomb[10:]
	whole := encoded(t, halves(500, 400), png.Encode)
	for name, content := range map[string]string{
		"nothing": "", "text": "a text", "a page": "<!DOCTYPE html>", "a bomb": bomb, "one that breaks off": whole[:len(whole)/2],
		"a WebP that is none": "RIFF\x00\x00\x00\x00WEBPVP8 ",
	} {
		if made, _, err := thumbnail.Make(t.Context(), strings.NewReader(content)); made != nil || !errors.Is(err, thumbnail.ErrNone) {
			t.Errorf("%s: it has %d bytes, with the error %v", name, len(made), err)
		}
	}
}

func TestAPictureIsLookedAtUpToABoundOfMemoryThatItsKindTakes(t *testing.T) {
	const side = 4096 // 16 million pixels
	baseline := encoded(t, halves(16, 16), asJPEG)
	frame := strings.Index(baseline, "\xff\xc0")
	progressive := baseline[:frame] + "\xff\xc2" + baseline[frame+2:]
	for name, c := range map[string]struct {
		content string
		most    int // rows of side pixels
	}{
		"JPEG":             {baseline, 48 << 20 / 3 / side},
		"progressive JPEG": {progressive, 48 << 20 / 15 / side},
	} {
		for rows, tooMuch := range map[int]bool{c.most: false, c.most + 1: true} {
			content := []byte(c.content) // of which the frame says how large the picture is
			binary.BigEndian.PutUint16(content[frame+5:], uint16(rows))
			binary.BigEndian.PutUint16(content[frame+7:], side)
			r := &counting{ReadSeeker: bytes.NewReader(content)}
			_, _, err := thumbnail.Make(t.Context(), r)
			if decoded := r.seeks > 0; decoded == tooMuch {
				t.Errorf("%s of %d rows: it is decoded: %v (%v)", name, rows, decoded, err)
			}
		}
	}
}

// counting knows how often it is read from its beginning once more.
type counting struct {
	io.ReadSeeker
	seeks int
}

func (c *counting) Seek(offset int64, whence int) (int64, error) {
	c.seeks++
	return c.ReadSeeker.Seek(offset, whence)
}

func TestNobodyGoesOnOnceATimeIsUp(t *testing.T) {
	late := errors.New("late")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(late)
	whole := encoded(t, halves(500, 400), png.Encode)
	if _, _, err := thumbnail.Make(ctx, strings.NewReader(whole)); !errors.Is(err, late) {
		t.Errorf("got %v", err)
	}
}

func TestAPictureThatCannotBeReadIsAnError(t *testing.T) {
	broken := errors.New("broken")
	whole := encoded(t, halves(500, 400), png.Encode)
	for _, good := range []int{0, 1} { // times that it is read from its beginning
		r := &failing{ReadSeeker: strings.NewReader(whole), good: good, err: broken}
		if _, _, err := thumbnail.Make(t.Context(), r); !errors.Is(err, broken) {
			t.Errorf("read %d times, the error is %v", good, err)
		}
	}
}

// failing can be read from its beginning some times and not once more.
type failing struct {
	io.ReadSeeker
	good int
	err  error
}

func (f *failing) Seek(offset int64, whence int) (int64, error) {
	f.good--
	return f.ReadSeeker.Seek(offset, whence)
}

func (f *failing) Read(b []byte) (int, error) {
	if f.good <= 0 {
		return iotest.ErrReader(f.err).Read(b)
	}
	return f.ReadSeeker.Read(b)
}
