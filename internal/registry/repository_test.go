package registry

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/connector"
	"glue-connector/internal/fake"
)

func TestCreate(t *testing.T) {
	marketplace := connector.Reference{Account: connector.MarketplaceRegistry, Region: "us-east-1", Repository: "seller/demo", Tag: tag}
	missing := ref
	missing.Repository = "my-company/none"
	const describe, create = "ecr:DescribeRepositories", "ecr:CreateRepository"
	for _, tc := range []struct {
		name    string
		ref     connector.Reference
		deny    []string
		created bool
		calls   []string // of the control plane
		failure *failure
	}{
		{"there", ref, nil, false, []string{"DescribeRepositories"}, nil},
		{"created", missing, nil, true, []string{"DescribeRepositories", "CreateRepository"}, nil},
		{"may not create", missing, []string{create}, false, []string{"DescribeRepositories", "CreateRepository"},
			&failure{"auth", "creating repository", "ecr:CreateRepository on arn:aws:ecr:eu-west-1:123456789012:repository/my-company/none"}},
		{"may not describe, is there", ref, []string{describe}, false, []string{"DescribeRepositories", "CreateRepository"}, nil},
		{"may not describe, missing", missing, []string{describe}, true, []string{"DescribeRepositories", "CreateRepository"}, nil},
		{"may nothing", ref, []string{describe, create}, false, []string{"DescribeRepositories", "CreateRepository"}, nil},
		{"Marketplace", marketplace, nil, false, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			for _, d := range tc.deny {
				w.Deny(d)
			}
			created, err := openWith(t, awsConfig(w), tc.ref, transportOf(t, w)).Create(t.Context())
			if tc.failure != nil {
				tc.failure.check(t, err)
			} else if err != nil {
				t.Error(err)
			}
			if created != tc.created {
				t.Errorf("created = %v", created)
			}
			if diff := cmp.Diff(tc.calls, calls(w)); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

func calls(w *fake.World) (names []string) {
	for _, r := range w.Requests() {
		if r.Target != "" {
			names = append(names, r.Target[strings.LastIndexByte(r.Target, '.')+1:])
		}
	}
	return names
}

func TestCreatedRepositoryIsImmutable(t *testing.T) {
	w := newWorld(t)
	fresh := ref
	fresh.Repository = "my-company/fresh"
	r := openWith(t, awsConfig(w), fresh, transportOf(t, w))
	if created, err := r.Create(t.Context()); err != nil || !created {
		t.Fatal(created, err)
	}
	if _, err := r.Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical); err != nil {
		t.Fatal(err)
	}
	other := build(t, map[string][]byte{"a.jar": noise(9, 100)})
	_, err := r.Push(t.Context(), other, []string{tag}, Overwrite)
	failure{"conflict", "TAG_INVALID", "release under a new tag"}.check(t, err)
}

// A missing repository is told by the registry, before anything is uploaded.
func TestMissingRepository(t *testing.T) {
	for account, hint := range map[string]string{
		"123456789012":                "create-repository: true",
		connector.MarketplaceRegistry: "AddRepositories",
	} {
		w := newWorld(t)
		gone := connector.Reference{Account: account, Region: "us-east-1", Repository: "seller/none", Tag: tag}
		r := openWith(t, awsConfig(w), gone, transportOf(t, w))
		_, err := r.Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
		failure{"auth", gone.Name(), hint}.check(t, err)
		if w.UploadedBytes() != 0 {
			t.Error("bytes were sent")
		}
		// Only our own registry would get the repository from a real run.
		tags, err := r.Plan(t.Context(), "sha256:0", []string{tag}, SkipIdentical, true)
		if want := account != connector.MarketplaceRegistry; (err == nil) != want || (len(tags) == 1) != want {
			t.Errorf("plan for %s: %v, %v", account, tags, err)
		}
	}
}

// A registry that knows no repositories, as a proxy may, takes none for all of them.
func TestMissingRepositoryForTheAPI(t *testing.T) {
	for account, missing := range map[string]bool{"123456789012": true, connector.MarketplaceRegistry: false} {
		w := newWorld(t)
		w.CreateRepository(account, "us-east-1", "seller/none", false)
		w.Intercept(func(r *http.Request) http.Handler {
			if !targeted("BatchCheckLayerAvailability")(r) {
				return nil
			}
			return answer(http.StatusBadRequest, "application/x-amz-json-1.1", `{"__type":"RepositoryNotFoundException","message":"not found"}`)
		})
		gone := connector.Reference{Account: account, Region: "us-east-1", Repository: "seller/none", Tag: tag}
		_, err := openWith(t, awsConfig(w), gone, transportOf(t, w)).Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
		if !missing {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		failure{"auth", "the repository does not exist: " + gone.Name(), "create-repository: true"}.check(t, err)
		if w.UploadedBytes() != 0 {
			t.Error("bytes were sent")
		}
	}
}

func TestCallerAccount(t *testing.T) {
	w := newWorld(t, fake.WithCallerAccount("210987654321"))
	if got, err := CallerAccount(t.Context(), awsConfig(w)); err != nil || got != "210987654321" {
		t.Errorf("got %s, %v", got, err)
	}
	inject(w, func(r *http.Request) bool { return r.TLS == nil }, -1, answer(500, "text/xml", "<x/>"))
	_, err := CallerAccount(t.Context(), awsConfig(w))
	failure{"remote", "asking STS for the account", "Run again"}.check(t, err)
}

func TestNoCredentials(t *testing.T) {
	w := newWorld(t)
	for name, p := range map[string]aws.CredentialsProvider{
		"none": nil,
		"unusable": aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("no EC2 IMDS role found")
		}),
	} {
		cfg := awsConfig(w)
		cfg.Credentials = p
		r := openWith(t, cfg, ref, transportOf(t, w))
		_, create := r.Create(t.Context())
		_, push := r.Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
		_, account := CallerAccount(t.Context(), cfg)
		for _, err := range []error{create, push, account} {
			t.Run(name, func(t *testing.T) {
				failure{"auth", "getting AWS credentials", "configure-aws-credentials"}.check(t, err)
			})
		}
	}
	for _, r := range w.Requests() {
		if r.Authorization {
			t.Errorf("a credential was sent: %+v", r)
		}
	}
}
