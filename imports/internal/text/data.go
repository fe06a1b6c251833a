package text

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"io"
	"mime"
	"net/url"
	"strconv"
	"strings"

	"octavo/domain"
	"octavo/domain/markup"
)

// Data takes the files that are written within the addresses of images and links out of a content, which is to be that of a
// note: they become files of it. It returns the content with other addresses, and where those lead.
func Data(n *domain.Incoming, content string) (string, map[string]Target) {
	if !strings.Contains(content, "(data:") && !strings.Contains(content, "(<data:") && !strings.Contains(content, ": data:") {
		return content, nil
	}
	targets := map[string]Target{}
	var b strings.Builder
	at := 0
	for _, in := range markup.NewReading(content, markup.TitleLine{}).Inlines {
		start := strings.Index(content[in.Start:in.End], "data:") + in.Start
		if in.Kind != markup.ImageInline && in.Kind != markup.LinkInline || start < at || !strings.HasPrefix(content[start:in.End], in.Destination) {
			continue
		}
		file, ok := dataFile(in.Destination, len(n.Files)+1)
		if !ok {
			continue
		}
		n.Files = append(n.Files, file)
		targets[file.Name] = Target{File: len(n.Files)}
		b.WriteString(content[at:start] + file.Name)
		at = start + len(in.Destination)
	}
	return b.String() + content[at:], targets
}

// dataFile returns the file that an address is.
func dataFile(address string, number int) (f domain.IncomingFile, ok bool) {
	head, payload, found := strings.Cut(strings.TrimPrefix(address, "data:"), ",")
	if !found || !strings.HasPrefix(address, "data:") {
		return f, false
	}
	payload, err := url.PathUnescape(payload)
	if err != nil {
		return f, false
	}
	kind, _, _ := strings.Cut(head, ";")
	content := []byte(payload)
	if strings.HasSuffix(head, ";base64") {
		payload = strings.TrimRight(strings.Join(strings.Fields(payload), ""), "=")
		if content, err = base64.RawStdEncoding.DecodeString(payload); err != nil {
			return f, false
		}
	}
	name := "image-" + strconv.Itoa(number)
	switch kind {
	case "image/jpeg":
		name += ".jpg"
	case "image/svg+xml":
		name += ".svg"
	default:
		if endings, err := mime.ExtensionsByType(kind); err == nil && len(endings) > 0 {
			name += endings[0]
		}
	}
	return domain.IncomingFile{
		Name: name, Type: kind, Size: int64(len(content)), Version: fmt.Sprintf("%x", crc32.ChecksumIEEE(content)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
	}, true
}

// Also returns where addresses lead: those of targets there, the others where address says.
func Also(targets map[string]Target, address func(string, bool) (Target, bool)) func(string, bool) (Target, bool) {
	return func(destination string, image bool) (Target, bool) {
		if t, ok := targets[destination]; ok {
			return t, true
		}
		return address(destination, image)
	}
}
