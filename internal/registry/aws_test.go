package registry

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// awsCalls are the calls of AWS's control plane, each with what makes it and
// what an answer without content does.
var awsCalls = []struct {
	name  string
	match func(*http.Request) bool
	call  func(context.Context, *Repository, aws.Config, v1.Image) error
	doing string
	empty string // of the answer
	none  string // what is said of it, "" if it is fine
}{
	{"GetCallerIdentity", func(r *http.Request) bool { return r.TLS == nil && r.Header.Get("X-Amz-Target") == "" },
		func(ctx context.Context, _ *Repository, cfg aws.Config, _ v1.Image) error {
			_, err := CallerAccount(ctx, cfg)
			return err
		}, "asking STS for the account", `<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>`, "the answer holds none"},
	{"DescribeRepositories", targeted("DescribeRepositories"),
		func(ctx context.Context, r *Repository, _ aws.Config, _ v1.Image) error {
			_, err := r.Create(ctx)
			return err
		}, "looking up repository", `{}`, "the answer holds none"},
	{"CreateRepository", targeted("CreateRepository"),
		func(ctx context.Context, r *Repository, cfg aws.Config, _ v1.Image) error {
			missing := ref
			missing.Repository = "my-company/new"
			other, err := Open(cfg, missing, r.guard.base)
			if err == nil {
				_, err = other.Create(ctx)
			}
			return err
		}, "creating repository", `{}`, "the answer holds none"},
	{"GetAuthorizationToken", isToken,
		func(ctx context.Context, r *Repository, _ aws.Config, img v1.Image) error {
			_, err := r.Push(ctx, img, []string{tag}, SkipIdentical)
			return err
		}, "getting a token", `{}`, "the answer holds none"},
	{"DescribeImages", targeted("DescribeImages"),
		func(ctx context.Context, r *Repository, _ aws.Config, _ v1.Image) error {
			_, err := r.Previous(ctx, "sha256:0")
			return err
		}, "looking for the image before", `{}`, ""},
}

func targeted(call string) func(*http.Request) bool {
	return func(r *http.Request) bool { return strings.HasSuffix(r.Header.Get("X-Amz-Target"), "."+call) }
}

// patientConfig has the attempts of a real run.
func patientConfig(cfg aws.Config) aws.Config {
	cfg.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts = 6; o.MaxBackoff = time.Millisecond })
	}
	return cfg
}

// AWS's control plane fails a few times, or for good.
func TestFaultsOfAWS(t *testing.T) {
	const json = "application/x-amz-json-1.1"
	faults := map[string]http.HandlerFunc{
		"500": status(500), "503": answer(503, "text/html", "<html>"), "429": status(429), "reset": reset,
		"throttled": answer(400, json, `{"__type":"ThrottlingException","message":"Rate exceeded"}`),
	}
	img := twoJars(t)
	for _, api := range awsCalls {
		for name, h := range faults {
			if api.name == "GetCallerIdentity" && name == "throttled" {
				h = answer(400, "text/xml", `<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>`)
			}
			t.Run(api.name+"/"+name, func(t *testing.T) {
				for _, n := range []int{1, 3, 5, -1} {
					w := newWorld(t)
					inject(w, api.match, n, h)
					cfg := patientConfig(awsConfig(w))
					err := api.call(t.Context(), openWith(t, cfg, ref, transportOf(t, w)), cfg, img)
					if n > 0 && err != nil {
						t.Errorf("%d times: %v", n, err)
					}
					if n < 0 {
						failure{"remote", api.doing, "un again"}.check(t, err)
					}
				}
			})
		}
	}
}

// An answer that says yes and holds nothing is no answer.
func TestEmptyAnswersOfAWS(t *testing.T) {
	img := twoJars(t)
	for _, api := range awsCalls {
		for body, contentType := range map[string]string{api.empty: "application/x-amz-json-1.1", "<html>Please log in</html>": "text/html", "": "text/plain"} {
			t.Run(api.name+"/"+contentType, func(t *testing.T) {
				w := newWorld(t)
				inject(w, api.match, -1, answer(200, contentType, body))
				cfg := awsConfig(w)
				err := api.call(t.Context(), openWith(t, cfg, ref, transportOf(t, w)), cfg, img)
				if api.none == "" && body != "<html>Please log in</html>" {
					if err != nil {
						t.Error(err)
					}
					return
				}
				e, ok := err.(*Error)
				if !ok || e.Kind != Remote && e.Kind != Auth || !strings.Contains(err.Error(), api.doing) && !strings.Contains(err.Error(), api.none) {
					t.Errorf("got %T %v", err, err)
				}
				if w.UploadedBytes() > 0 || len(w.Tags(ref.Host(), ref.Repository)) > 0 {
					t.Error("something was pushed")
				}
			})
		}
	}
}
