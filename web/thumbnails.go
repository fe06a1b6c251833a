package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/static"
	"octavo/web/internal/recent"
	"octavo/web/internal/thumbnail"
)

// thumbnailsHandler gives the thumbnails of the pictures that lists show. It makes one at a time, as a picture may take much
// memory, and remembers those that it has made last.
type thumbnailsHandler struct {
	filesHandler
	made   *recent.Cache[domain.FileHash, madeThumbnail]
	making chan struct{}
}

// madeThumbnail is a thumbnail, or the zero value for a file that none can be made of.
type madeThumbnail struct {
	content   []byte
	mediaType string
}

const (
	maxThumbnails = 4 << 20         // bytes: some hundreds of them
	thumbnailTime = 5 * time.Second // for one; a picture that takes longer has none
)

func newThumbnailsHandler(files filesHandler) thumbnailsHandler {
	size := func(_ domain.FileHash, t madeThumbnail) int { return 256 + len(t.content) }
	return thumbnailsHandler{files, recent.NewCache(maxThumbnails, size), make(chan struct{}, 1)}
}

// serve answers with the thumbnail of a picture, to whom filesHandler.serve would give the picture itself. Where none can be
// made, it leads to a picture of one.
func (h thumbnailsHandler) serve(c echo.Context, access domain.ReadAccess) error {
	hash, ok := domain.ParseFileHash(c.Param("hash"))
	if !ok {
		return domain.ErrFileNotFound
	}
	ctx := c.Request().Context()
	f, content, err := h.open(ctx, access, hash)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // nothing was written
	if !f.Inline() {
		return domain.ErrFileNotFound
	}
	t, err := h.of(ctx, hash, content)
	switch {
	case err != nil:
		return err
	case t.content == nil:
		return c.Redirect(http.StatusFound, h.base.Path(static.URL("picture.svg")))
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, t.mediaType)
	header.Set(echo.HeaderCacheControl, "private, no-cache")
	header.Set("ETag", `"`+string(hash)+`"`)
	header.Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	delivery := h.deliver(c, chunk)
	defer delivery.end()
	http.ServeContent(delivery, c.Request(), "", f.Created, bytes.NewReader(t.content))
	return nil
}

// of returns the thumbnail of a picture, and makes it unless it is remembered.
func (h thumbnailsHandler) of(ctx context.Context, hash domain.FileHash, content io.ReadSeeker) (madeThumbnail, error) {
	if t, ok := h.made.Get(hash); ok {
		return t, nil
	}
	select {
	case h.making <- struct{}{}:
		defer func() { <-h.making }()
	case <-ctx.Done():
		return madeThumbnail{}, ctx.Err()
	}
	if t, ok := h.made.Get(hash); ok { // meanwhile
		return t, nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, thumbnailTime, thumbnail.ErrNone)
	defer cancel()
	var t madeThumbnail
	var err error
	if t.content, t.mediaType, err = thumbnail.Make(ctx, content); err != nil && !errors.Is(err, thumbnail.ErrNone) {
		return madeThumbnail{}, err
	}
	h.made.Put(hash, t)
	return t, nil
}
