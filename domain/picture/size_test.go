package picture_test

import (
	"bytes"
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

	"octavo/domain/picture"
)

// encoded returns a picture of 40 by 30 pixels.
func encoded(t testing.TB, encode func(io.Writer, image.Image) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.Black, color.White})); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func asJPEG(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) }

func asGIF(w io.Writer, m image.Image) error { return gif.Encode(w, m, nil) }

// segment is one of a JPEG.
func segment(marker byte, content string) string {
	return string(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(content)+2))) + content
}

// exif is a segment that says an orientation, after another entry.
func exif(order binary.AppendByteOrder, orientation uint16) string {
	b := []byte("II")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM")
	}
	b = order.AppendUint32(order.AppendUint16(b, 42), 8)
	b = order.AppendUint16(b, 2)
	for _, entry := range [][2]uint16{{0x0100, 6}, {0x0112, orientation}} {
		b = order.AppendUint16(order.AppendUint16(b, entry[0]), 3)
		b = append(order.AppendUint16(order.AppendUint32(b, 1), entry[1]), 0, 0)
	}
	return segment(0xe1, "Exif\x00\x00"+string(order.AppendUint32(b, 0)))
}

// after returns a JPEG with segments before all others.
func after(jpeg string, segments ...string) string {
	return jpeg[:2] + strings.Join(segments, "") + jpeg[2:]
}

func TestThePictureSaysHowLargeItIs(t *testing.T) {
	plain := encoded(t, asJPEG)
	usual, turned := picture.Size{Width: 40, Height: 30}, picture.Size{Width: 30, Height: 40}
	for name, c := range map[string]struct {
		content string
		want    picture.Size
	}{
		"PNG":                             {encoded(t, png.Encode), usual},
		"GIF":                             {encoded(t, asGIF), usual},
		"JPEG":                            {plain, usual},
		"JPEG upright":                    {after(plain, exif(binary.LittleEndian, 1)), usual},
		"JPEG upside down":                {after(plain, exif(binary.BigEndian, 3)), usual},
		"JPEG turned":                     {after(plain, exif(binary.LittleEndian, 6)), turned},
		"JPEG turned, the other order":    {after(plain, exif(binary.BigEndian, 8)), turned},
		"JPEG with an unknown direction":  {after(plain, exif(binary.BigEndian, 9)), usual},
		"JPEG with much before its frame": {after(plain, segment(0xe2, strings.Repeat("x", 65_000)), exif(binary.LittleEndian, 6), segment(0xe1, "http"), "\xff\xff"+segment(0xfe, "")[1:]), turned},
		"WebP":                            {"RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x28\x00\x1e\x40", usual},
		"WebP without loss":               {"RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2f\x27\x40\x07\x10\x00\x00\x00\x00\x00", usual},
		"WebP with more to it":            {"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x27\x00\x00\x1d\x00\x00", usual},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := picture.SizeOf(strings.NewReader(c.content))
			if got != c.want || err != nil {
				t.Errorf("it is %v, with the error %v", got, err)
			}
		})
	}
}

func TestWhatIsNoPictureHasNoSize(t *testing.T) {
	plain := encoded(t, asJPEG)
	endless := strings.Repeat(segment(0xe2, strings.Repeat("x", 65_000)), 20)
	for name, content := range map[string]string{
		"nothing":                       "",
		"text":                          "This is a text and not a picture, whatever it's called.",
		"half a header":                 encoded(t, png.Encode)[:20],
		"a PNG without a width":         "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x00\x00\x00\x00\x01\x08\x00\x00\x00\x00\x00",
		"a PNG of billions":             "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x00\x00\x00\x00\x00",
		"a JPEG without a frame":        "\xff\xd8\xff\xd9",
		"a JPEG that breaks off":        plain[:30],
		"a JPEG with empty segments":    "\xff\xd8\xff\xe1\x00\x00\xff\xc0\x00\x00",
		"a JPEG with an endless header": after(plain, endless),
		"a WebP of an unknown kind":     "RIFF\x00\x00\x00\x00WEBPVP8?" + strings.Repeat("\x01", 20),
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := picture.SizeOf(strings.NewReader(content)); got != (picture.Size{}) || err != nil {
				t.Errorf("it is %v, with the error %v", got, err)
			}
		})
	}
}

func TestASizeThatCannotBeReadIsAnError(t *testing.T) {
	broken := errors.New("broken")
	r := io.MultiReader(strings.NewReader("\xff\xd8\xff\xe0\x00\x10"), iotest.ErrReader(broken))
	if _, err := picture.SizeOf(r); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
}

func FuzzSizeOf(f *testing.F) {
	plain := encoded(f, asJPEG)
	for _, seed := range []string{plain, after(plain, exif(binary.BigEndian, 6)), encoded(f, png.Encode), encoded(f, asGIF)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := picture.SizeOf(bytes.NewReader(content))
		if err != nil || (s.Width == 0) != (s.Height == 0) || s.Width < 0 || s.Width > 65_535 || s.Height < 0 || s.Height > 65_535 {
			t.Errorf("it is %v, with the error %v", s, err)
		}
	})
}
