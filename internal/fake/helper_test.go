package fake_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"glue-connector/internal/fake"
)

const (
	account = "123456789012"
	region  = "us-east-1"
	host    = account + ".dkr.ecr." + region + ".amazonaws.com"
)

func newWorld(t *testing.T, opts ...fake.Option) *fake.World {
	t.Helper()
	w, err := fake.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

// awsConfig is what a process with w.Env would load.
func awsConfig(t *testing.T, w *fake.World) aws.Config {
	t.Helper()
	for _, kv := range w.Env() {
		k, v, _ := strings.Cut(kv, "=")
		t.Setenv(k, v)
	}
	cfg, err := config.LoadDefaultConfig(context.Background(), config.WithRegion(region), config.WithRetryMaxAttempts(1))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// login returns an Authorization that the SDK obtained.
func login(t *testing.T, w *fake.World) authn.Authenticator {
	t.Helper()
	out, err := ecr.NewFromConfig(awsConfig(t, w)).GetAuthorizationToken(context.Background(), &ecr.GetAuthorizationTokenInput{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := base64.StdEncoding.DecodeString(*out.AuthorizationData[0].AuthorizationToken)
	if err != nil {
		t.Fatal(err)
	}
	user, password, _ := strings.Cut(string(b), ":")
	return &authn.Basic{Username: user, Password: password}
}

func reference(t *testing.T, repository, tag string) name.Tag {
	t.Helper()
	ref, err := name.NewTag(host + "/" + repository + ":" + tag)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func randomImage(t *testing.T) v1.Image {
	t.Helper()
	img, err := random.Image(1024, 2)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func digestOf(t *testing.T, d interface{ Digest() (v1.Hash, error) }) string {
	t.Helper()
	h, err := d.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return h.String()
}

func options(w *fake.World, a authn.Authenticator) []remote.Option {
	return []remote.Option{remote.WithTransport(w.HTTPClient().Transport), remote.WithAuth(a),
		// The tests count answers, not patience.
		remote.WithRetryStatusCodes(), remote.WithRetryBackoff(remote.Backoff{Steps: 1})}
}

// codes are the registry's error codes in err, with the status in front.
func codes(t *testing.T, err error) (status int, code string) {
	t.Helper()
	var te *transport.Error
	if !errors.As(err, &te) {
		t.Fatalf("got error %v, want one of the registry", err)
	}
	if len(te.Errors) > 0 {
		code = string(te.Errors[0].Code)
	}
	return te.StatusCode, code
}

// do sends a request to the registry with a's credentials.
func do(t *testing.T, w *fake.World, a authn.Authenticator, method, path, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequest(method, "https://"+host+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if a != nil {
		c, err := a.Authorization()
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth(c.Username, c.Password)
	}
	resp, err := w.HTTPClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}
