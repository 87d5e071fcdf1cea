package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"syscall"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// maxManifest is ECR's limit of a manifest, in bytes.
const maxManifest = 4 << 20

// Manifest is a manifest as the registry stores it.
type Manifest struct {
	Raw       []byte
	MediaType string
	Digest    string // of Raw, computed here
}

// Manifest gets a manifest by tag or digest, or nil if the repository has none
// of that name. The request is the one of Glue's unpacker: basic credentials,
// and any media type accepted. It is a GET because a HEAD cannot tell a missing
// tag from a missing repository.
func (r *Repository) Manifest(ctx context.Context, reference string) (*Manifest, error) {
	var m *Manifest
	err := r.get(ctx, "/manifests/"+reference, func(resp *http.Response) error {
		raw, err := io.ReadAll(io.LimitReader(resp.Body, maxManifest+1))
		if err != nil {
			return err
		}
		if len(raw) > maxManifest {
			return errors.New("the manifest is larger than 4 MiB")
		}
		if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			return fmt.Errorf("%w: it answers with a web page", errStranger)
		}
		m = &Manifest{Raw: raw, MediaType: resp.Header.Get("Content-Type"), Digest: digestOf(raw)}
		return nil
	})
	if hasCode(err, transport.ManifestUnknownErrorCode) {
		return nil, nil
	}
	if err != nil {
		return nil, explain(ctx, fmt.Sprintf("reading manifest %s of %s", reference, r.ref.Name()), err, r.ref)
	}
	return m, nil
}

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Blob opens a blob as Glue's unpacker does. A transfer that breaks off is
// the reader's error; a blob that the registry does not have is fs.ErrNotExist.
func (r *Repository) Blob(ctx context.Context, digest string) (io.ReadCloser, error) {
	doing := fmt.Sprintf("reading blob %s of %s", digest, r.ref.Name())
	var body io.ReadCloser
	err := r.get(ctx, "/blobs/"+digest, func(resp *http.Response) error {
		body, resp.Body = resp.Body, http.NoBody
		return nil
	})
	if answered(err, http.StatusNotFound) {
		return nil, fmt.Errorf("%s: %w", doing, fs.ErrNotExist)
	}
	if err != nil {
		return nil, explain(ctx, doing, err, r.ref)
	}
	return &content{ReadCloser: body, explain: func(err error) error { return explain(ctx, doing, err, r.ref) }}, nil
}

// content is the body of a blob, whose errors say what was read.
type content struct {
	io.ReadCloser
	explain func(error) error
}

func (c *content) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = c.explain(err)
	}
	return n, err
}

// BlobSize asks how large a blob is, -1 if the registry does not have it.
func (r *Repository) BlobSize(ctx context.Context, digest string) (int64, error) {
	size := int64(-1)
	err := r.request(ctx, http.MethodHead, "/blobs/"+digest, func(resp *http.Response) error {
		size = resp.ContentLength
		return nil
	})
	if answered(err, http.StatusNotFound) {
		return -1, nil
	}
	if err != nil {
		return 0, explain(ctx, fmt.Sprintf("looking for blob %s of %s", digest, r.ref.Name()), err, r.ref)
	}
	return size, nil
}

func (r *Repository) get(ctx context.Context, path string, use func(*http.Response) error) error {
	return r.request(ctx, http.MethodGet, path, use)
}

func (r *Repository) url(path string) string {
	return "https://" + r.ref.Host() + "/v2/" + r.ref.Repository + path
}

// request makes a request of its own, and repeats it.
func (r *Repository) request(ctx context.Context, method, path string, use func(*http.Response) error) error {
	return r.again(ctx, func(ctx context.Context) error { return r.once(ctx, method, path, use) })
}

func (r *Repository) once(ctx context.Context, method, path string, use func(*http.Response) error) error {
	req, err := http.NewRequestWithContext(ctx, method, r.url(path), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "*/*")
	// Else Go would ask for gzip and undo it, which no registry expects.
	req.Header.Set("Accept-Encoding", "identity")
	resp, err := r.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { resp.Body.Close() }()
	if err := transport.CheckError(resp, http.StatusOK); err != nil {
		return err
	}
	return use(resp)
}

// temporary tells whether the same request may well succeed a little later.
func temporary(err error) bool {
	if _, explained := errors.AsType[*Error](err); explained || errors.Is(err, errEnded) {
		return false // AWS's SDK has its own repetitions
	}
	if e, ok := errors.AsType[*transport.Error](err); ok {
		switch e.StatusCode {
		case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
			http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, 499, 522:
			return true
		case http.StatusConflict, http.StatusRequestedRangeNotSatisfiable:
			return len(e.Errors) == 0 // an upload went wrong: a new one will do
		}
		return e.Temporary()
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return true
	}
	for _, target := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE, net.ErrClosed, errStalled} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

func answered(err error, status int) bool {
	e, ok := errors.AsType[*transport.Error](err)
	return ok && e.StatusCode == status
}

func hasCode(err error, code transport.ErrorCode) bool {
	e, ok := errors.AsType[*transport.Error](err)
	if !ok {
		return false
	}
	for _, d := range e.Errors {
		if d.Code == code {
			return true
		}
	}
	return false
}
