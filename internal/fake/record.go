package fake

import (
	"bufio"
	"bytes"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Request is one request that reached the world, whoever answered it.
type Request struct {
	Time          time.Time
	Host          string // as in the Host header, or CONNECT's host:port
	Method        string
	Path          string
	Query         string
	Target        string // X-Amz-Target, or the Action of the query protocol
	Status        int    // 0 while unanswered, and if the connection was dropped
	BodyBytes     int64  // bytes of the body that were read
	Authorization bool   // an Authorization header was sent
}

type recorder struct {
	mu  sync.Mutex
	all []*Request
}

// Requests returns every request seen so far, in order of arrival.
func (w *World) Requests() []Request {
	w.requests.mu.Lock()
	defer w.requests.mu.Unlock()
	rs := make([]Request, len(w.requests.all))
	for i, r := range w.requests.all {
		rs[i] = *r
	}
	return rs
}

// UploadedBytes counts the bytes of blob bodies received, also of uploads that
// were refused or never finished.
func (w *World) UploadedBytes() int64 {
	var n int64
	for _, r := range w.Requests() {
		if strings.Contains(r.Path, "/blobs/uploads/") {
			n += r.BodyBytes
		}
	}
	return n
}

// observed records each request before h or an interception sees it.
func (w *World) observed(h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		req := &Request{
			Time: time.Now(), Host: r.Host, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
			Target: target(r), Authorization: r.Header.Get("Authorization") != "",
		}
		w.requests.mu.Lock()
		w.requests.all = append(w.requests.all, req)
		w.requests.mu.Unlock()

		r.Body = &countedBody{ReadCloser: r.Body, mu: &w.requests.mu, n: &req.BodyBytes}
		rec := &recordedWriter{ResponseWriter: rw, mu: &w.requests.mu, status: &req.Status}
		serve := w.intercept(r)
		if serve == nil {
			serve = h
		}
		serve.ServeHTTP(rec, r)
		rec.note(http.StatusOK) // what net/http sends for a handler that wrote nothing
	})
}

// target names the AWS call. The query protocol names it in the body, which is
// read here and put back.
func target(r *http.Request) string {
	if t := r.Header.Get("X-Amz-Target"); t != "" {
		return t
	}
	mt, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.TLS != nil || mt != "application/x-www-form-urlencoded" {
		return ""
	}
	b, err := io.ReadAll(io.LimitReader(r.Body, maxCall))
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(b), r.Body))
	form, perr := url.ParseQuery(string(b))
	if err != nil || perr != nil {
		return ""
	}
	return form.Get("Action")
}

type countedBody struct {
	io.ReadCloser
	mu *sync.Mutex
	n  *int64
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.mu.Lock()
	*b.n += int64(n)
	b.mu.Unlock()
	return n, err
}

type recordedWriter struct {
	http.ResponseWriter
	mu       *sync.Mutex
	status   *int
	hijacked bool
}

// note keeps the first status, before the client can see it: a test that has
// its answer finds it in the log.
func (w *recordedWriter) note(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if *w.status == 0 && !w.hijacked {
		*w.status = status
	}
}

func (w *recordedWriter) WriteHeader(status int) {
	if status >= 200 {
		w.note(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recordedWriter) Write(b []byte) (int, error) {
	w.note(http.StatusOK)
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController flush and set deadlines.
func (w *recordedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack gives the connection to a fault; its status stays 0.
func (w *recordedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.mu.Lock()
	w.hijacked = true
	w.mu.Unlock()
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// record notes the status of an answer that is written to a hijacked connection.
func record(rw http.ResponseWriter, status int) {
	if w, ok := rw.(*recordedWriter); ok {
		w.note(status)
	}
}
