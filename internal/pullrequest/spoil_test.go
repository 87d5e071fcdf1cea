package pullrequest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"glue-connector/internal/fake"
)

// answer is a fault that does nothing but answer.
func answer(h http.Handler) func(*fake.World) http.Handler {
	return func(*fake.World) http.Handler { return h }
}

func page(status int, body string) func(*fake.World) http.Handler {
	return answer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.WriteHeader(status)
		fmt.Fprint(rw, body)
	}))
}

var reset = answer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))

// done applies a request and then spoils the answer with f.
func done(f func(rw http.ResponseWriter, real *httptest.ResponseRecorder)) func(*fake.World) http.Handler {
	return func(w *fake.World) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			w.ServeHTTP(rec, r)
			f(rw, rec)
		})
	}
}

// truncated does what was asked, and breaks off in the middle of the answer.
var truncated = done(func(rw http.ResponseWriter, real *httptest.ResponseRecorder) {
	rw.Header().Set("Content-Length", strconv.Itoa(real.Body.Len()+1))
	rw.WriteHeader(real.Code)
	rw.Write(real.Body.Bytes()[:real.Body.Len()/2])
})

// empty does what was asked and says nothing.
var empty = done(func(rw http.ResponseWriter, real *httptest.ResponseRecorder) { rw.WriteHeader(real.Code) })

// lost does what was asked and drops the connection.
var lost = done(func(http.ResponseWriter, *httptest.ResponseRecorder) { panic(http.ErrAbortHandler) })

// stalled answers when the client is gone.
var stalled = answer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-time.After(10 * time.Second):
	}
}))

// stale repeats the list as it is now.
func stale(t *testing.T, w *fake.World) func(*fake.World) http.Handler {
	token := w.GitHubToken(actionsBot, false)
	req := httptest.NewRequest("GET", w.GitHubURL()+"/repos/"+project+"/issues/7/comments", nil)
	req.RequestURI, req.URL.Scheme, req.URL.Host = "", "", ""
	req.Header.Set("Authorization", "Bearer "+token)
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, req)
	body := strings.ReplaceAll(rec.Body.String(), time.Now().UTC().Format("2006"), "2020") // long ago
	if rec.Code != 200 {
		t.Fatalf("listing: %d %s", rec.Code, body)
	}
	return page(200, body)
}
