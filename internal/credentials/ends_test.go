package credentials

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// A new session is refused by services that have not heard of it yet.
func TestAssumedIsNewToAWS(t *testing.T) {
	w, role := newWorld(t)
	cfg, err := assume(t.Context(), configOf(w), role, quick)
	if err != nil {
		t.Fatal(err)
	}
	inject(w, forSTS, 2, refusal(403, "InvalidClientTokenId", "The security token included in the request is invalid."))
	if _, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}); err != nil {
		t.Error(err)
	}
}

// A stall ends with its attempt, all attempts with their time, and everything
// with the context.
func TestAssumeEnds(t *testing.T) {
	w, role := newWorld(t)
	over := make(chan struct{})
	t.Cleanup(func() { close(over) })
	stall := func(rw http.ResponseWriter, r *http.Request) {
		select {
		case <-over:
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	}
	short := quick
	short.call = 100 * time.Millisecond
	inject(w, func(r *http.Request) bool { return forToken(r) || forSTS(r) }, 2, stall)
	if _, err := assume(t.Context(), configOf(w), role, short); err != nil {
		t.Errorf("after two stalls: %v", err)
	}

	inject(w, forSTS, 1<<30, stall)
	short.total = 300 * time.Millisecond
	began := time.Now()
	_, err := assume(t.Context(), configOf(w), role, short)
	silent(t, w, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := assume(ctx, configOf(w), role, quick); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's end", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestAssumeNowhere(t *testing.T) {
	w, role := newWorld(t)
	for _, url := range []string{"http://example.com/t", "ftp://127.0.0.1/t", "https://user:pw@example.com/t", "https:t", "://", "https://"} {
		r := role
		r.Runner.URL = url
		_, err := assume(t.Context(), configOf(w), r, quick)
		silent(t, w, err)
	}
	r := role
	r.Runner.Token = "a\nb"
	_, err := assume(t.Context(), configOf(w), r, quick)
	silent(t, w, err)
	for _, chain := range []bool{false, true} {
		r := Role{ARN: arn, SessionName: "test", Chain: chain}
		_, err := assume(t.Context(), configOf(w), r, quick)
		silent(t, w, err)
		if e, _ := errors.AsType[*Error](err); e.Kind != Inputs {
			t.Errorf("%s: %v", e.Kind, err)
		}
	}
	if n := len(w.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

// doer records the host that a call would go to.
type doer struct{ host string }

func (d *doer) Do(r *http.Request) (*http.Response, error) {
	d.host = r.URL.Host
	return nil, errors.New("no network")
}

// STS is asked in the region of the target, and for the audience of its partition.
func TestAssumeRegion(t *testing.T) {
	for _, tt := range []struct{ region, arn, host, audience string }{
		{"", arn, "sts.us-east-1.amazonaws.com", "sts.amazonaws.com"},
		{"eu-west-1", arn, "sts.eu-west-1.amazonaws.com", "sts.amazonaws.com"},
		{"cn-north-1", "arn:aws-cn:iam::123456789012:role/a/b", "sts.cn-north-1.amazonaws.com.cn", "sts.amazonaws.com.cn"},
		{"us-gov-west-1", "arn:aws-us-gov:iam::123456789012:role/b", "sts.us-gov-west-1.amazonaws.com", "sts.amazonaws.com"},
	} {
		w, role := newWorld(t)
		role.ARN = tt.arn
		d, once := &doer{}, quick
		once.total = 200 * time.Millisecond
		_, err := assume(t.Context(), aws.Config{Region: tt.region, HTTPClient: d}, role, once)
		silent(t, w, err)
		issued, _ := w.IDTokens()
		if len(issued) == 0 {
			t.Fatalf("%s: no token was asked for", tt.region)
		}
		c, err := parseClaims(issued[0])
		if d.host != tt.host || c.Audience != tt.audience || err != nil {
			t.Errorf("%s: %s for %s, %v", tt.region, d.host, c.Audience, err)
		}
	}
}
