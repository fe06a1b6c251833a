package app

import (
	"bytes"
	"context"
	"errors"
	"io"

	"octavo/domain"
)

// takeFiles stores the files of a note. One that can't be stored has no hash.
func (r *importRun) takeFiles(ctx context.Context, in domain.Incoming) ([]domain.File, error) {
	files := make([]domain.File, len(in.Files))
	for i, f := range in.Files {
		var lost domain.Message
		var err error
		if r.dry {
			files[i], lost = r.planFile(f)
		} else {
			files[i], lost, err = r.takeFile(ctx, f)
		}
		if err == nil {
			err = r.beat(ctx)
		}
		if err != nil {
			return nil, err
		}
		if lost.Code != "" {
			r.lose(in.Place, lost)
		} else {
			r.counts.Files++
		}
	}
	return files, nil
}

func (r *importRun) planFile(f domain.IncomingFile) (domain.File, domain.Message) {
	if f.Size > domain.MaxFile {
		return domain.File{}, tooLarge(f)
	}
	return domain.File{Hash: domain.FileHash(domain.HashToken(f.Name)), Name: f.Name, Type: f.Type}, domain.Message{}
}

func tooLarge(f domain.IncomingFile) domain.Message {
	return domain.NewMessage("import.file_too_large", "name", f.Name, "size", domain.Bytes(f.Size))
}

func (r *importRun) takeFile(ctx context.Context, f domain.IncomingFile) (file domain.File, lost domain.Message, err error) {
	if f.Size > domain.MaxFile {
		return domain.File{}, tooLarge(f), nil
	}
	damaged := domain.NewMessage("import.file_damaged", "name", f.Name)
	content, err := f.Open()
	if err != nil {
		return domain.File{}, damaged, ctx.Err()
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	head := make([]byte, 512)
	n, err := io.ReadFull(content, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return domain.File{}, damaged, ctx.Err()
	}
	kind := f.Type
	if r.typeOf != nil {
		kind = r.typeOf(head[:n])
	}
	rest := &readErrors{r: content}
	file, err = r.files.Upload(ctx, r.access, f.Name, kind, io.MultiReader(bytes.NewReader(head[:n]), rest))
	switch {
	case err == nil || ctx.Err() != nil:
		return file, domain.Message{}, err
	case rest.err != nil:
		return domain.File{}, damaged, nil
	case errors.Is(err, domain.Invalid):
		return domain.File{}, domain.NewMessage("import.file_empty", "name", f.Name), nil
	case errors.Is(err, domain.TooLarge) && r.quota > 0 && !errors.Is(err, domain.ErrFileTooLarge):
		return domain.File{}, domain.NewMessage("import.file_no_room", "name", f.Name), nil
	case errors.Is(err, domain.TooLarge):
		f.Size = max(f.Size, domain.MaxFile)
		return domain.File{}, tooLarge(f), nil
	}
	return domain.File{}, domain.Message{}, err
}

// readErrors remembers the error that reading has ended with, unless that is the end.
type readErrors struct {
	r   io.Reader
	err error
}

func (r *readErrors) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}
