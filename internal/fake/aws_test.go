package fake_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"glue-connector/internal/fake"
)

func TestCallerIdentity(t *testing.T) {
	w := newWorld(t, fake.WithCallerAccount("210987654321"))
	out, err := sts.NewFromConfig(awsConfig(t, w)).GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{*out.Account, *out.Arn}
	want := []string{"210987654321", "arn:aws:sts::210987654321:assumed-role/glue-connector/test"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	if got := w.Requests()[0].Target; got != "GetCallerIdentity" {
		t.Errorf("target = %q", got)
	}
}

func TestAuthorizationToken(t *testing.T) {
	w := newWorld(t)
	out, err := ecr.NewFromConfig(awsConfig(t, w)).GetAuthorizationToken(context.Background(),
		//lint:ignore SA1019 Glue's unpacker sends it, and so do we
		&ecr.GetAuthorizationTokenInput{RegistryIds: []string{"709825985650"}})
	if err != nil {
		t.Fatal(err)
	}
	d := out.AuthorizationData[0]
	if got, want := *d.ProxyEndpoint, "https://709825985650.dkr.ecr.us-east-1.amazonaws.com"; got != want {
		t.Errorf("proxyEndpoint = %s, want %s", got, want)
	}
	if left := time.Until(*d.ExpiresAt); left < 11*time.Hour || left > 12*time.Hour {
		t.Errorf("token is good for %v, want 12 h", left)
	}
}

func TestRepositories(t *testing.T) {
	w := newWorld(t)
	w.Deny("ecr:ListImages") // of no effect on what follows
	c, ctx := ecr.NewFromConfig(awsConfig(t, w)), context.Background()
	made, err := c.CreateRepository(ctx, &ecr.CreateRepositoryInput{
		RepositoryName:             aws.String("seller/demo"),
		ImageTagMutability:         types.ImageTagMutabilityImmutable,
		ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{RepositoryNames: []string{"seller/demo"}})
	if err != nil {
		t.Fatal(err)
	}
	r := out.Repositories[0]
	if got, want := *r.RepositoryUri, host+"/seller/demo"; got != want {
		t.Errorf("repositoryUri = %s, want %s", got, want)
	}
	if r.ImageTagMutability != types.ImageTagMutabilityImmutable || !r.ImageScanningConfiguration.ScanOnPush {
		t.Errorf("got %+v, want immutable and scanned", r)
	}
	if *r.RepositoryArn != *made.Repository.RepositoryArn {
		t.Errorf("arn = %s, was %s", *r.RepositoryArn, *made.Repository.RepositoryArn)
	}
}

func TestRefusals(t *testing.T) {
	marketplace, demo := aws.String("709825985650"), aws.String("demo")
	ctx := context.Background()
	for _, tc := range []struct {
		name string
		call func(*ecr.Client) error
		want string
	}{
		{"missing repository", func(c *ecr.Client) error {
			_, err := c.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{RepositoryNames: []string{"none"}})
			return err
		}, "RepositoryNotFoundException"},
		{"repository of another registry", func(c *ecr.Client) error {
			_, err := c.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{RegistryId: marketplace, RepositoryNames: []string{"demo"}})
			return err
		}, "RepositoryNotFoundException"},
		{"existing repository", func(c *ecr.Client) error {
			_, err := c.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: demo})
			return err
		}, "RepositoryAlreadyExistsException"},
		{"repository in the Marketplace registry", func(c *ecr.Client) error {
			_, err := c.CreateRepository(ctx, &ecr.CreateRepositoryInput{RegistryId: marketplace, RepositoryName: demo})
			return err
		}, "AccessDeniedException"},
		{"missing image", func(c *ecr.Client) error {
			_, err := c.DescribeImages(ctx, &ecr.DescribeImagesInput{RepositoryName: demo, ImageIds: []types.ImageIdentifier{{ImageTag: aws.String("1")}}})
			return err
		}, "ImageNotFoundException"},
		{"denied", func(c *ecr.Client) error {
			_, err := c.GetAuthorizationToken(ctx, &ecr.GetAuthorizationTokenInput{})
			return err
		}, "AccessDeniedException"},
		{"unknown call", func(c *ecr.Client) error {
			_, err := c.GetLifecyclePolicy(ctx, &ecr.GetLifecyclePolicyInput{RepositoryName: demo})
			return err
		}, "NotImplemented"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			w.CreateRepository(account, region, "demo", false)
			w.Deny("ecr:GetAuthorizationToken")
			err := tc.call(ecr.NewFromConfig(awsConfig(t, w)))
			var ae smithy.APIError
			if !errors.As(err, &ae) || ae.ErrorCode() != tc.want {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

func TestDescribeImages(t *testing.T) {
	w := newWorld(t)
	w.CreateRepository(account, region, "demo", false)
	img := randomImage(t)
	if err := remote.Write(reference(t, "demo", "1"), img, options(w, login(t, w))...); err != nil {
		t.Fatal(err)
	}
	c, ctx := ecr.NewFromConfig(awsConfig(t, w)), context.Background()
	ids := []types.ImageIdentifier{{ImageTag: aws.String("1")}}
	for _, ids := range [][]types.ImageIdentifier{nil, ids} {
		out, err := c.DescribeImages(ctx, &ecr.DescribeImagesInput{RepositoryName: aws.String("demo"), ImageIds: ids})
		if err != nil {
			t.Fatal(err)
		}
		d := out.ImageDetails[0]
		if diff := cmp.Diff([]string{digestOf(t, img), "1"}, append([]string{*d.ImageDigest}, d.ImageTags...)); diff != "" {
			t.Errorf("image (-want +got):\n%s", diff)
		}
	}
	out, err := c.BatchGetImage(ctx, &ecr.BatchGetImageInput{RepositoryName: aws.String("demo"),
		ImageIds: append(ids, types.ImageIdentifier{ImageTag: aws.String("2")})})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := img.RawManifest()
	if err != nil {
		t.Fatal(err)
	}
	if got := *out.Images[0].ImageManifest; got != string(raw) {
		t.Errorf("manifest = %s, want %s", got, raw)
	}
	if len(out.Failures) != 1 || out.Failures[0].FailureCode != types.ImageFailureCodeImageNotFound {
		t.Errorf("failures = %+v, want one ImageNotFound", out.Failures)
	}
}

// TestShapes sends calls that no SDK would.
func TestShapes(t *testing.T) {
	w := newWorld(t)
	const op = "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories"
	sign := func(region, service string) string {
		return "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/" + region + "/" + service +
			"/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + strings.Repeat("0", 64)
	}
	for _, tc := range []struct {
		name, auth, contentType, target, body string
		status                                int
		want                                  string
	}{
		{"fine", sign(region, "ecr"), "application/x-amz-json-1.1", op, "{}", 200, `"repositories":[]`},
		{"unsigned", "", "application/x-amz-json-1.1", op, "{}", 403, "MissingAuthenticationTokenException"},
		{"not a signature", "Bearer x", "application/x-amz-json-1.1", op, "{}", 403, "IncompleteSignatureException"},
		{"other service", sign(region, "glue"), "application/x-amz-json-1.1", op, "{}", 403, "correct service: 'ecr'"},
		{"no region", sign("x", "ecr"), "application/x-amz-json-1.1", op, "{}", 403, "valid region"},
		{"content type", sign(region, "ecr"), "application/json", op, "{}", 400, "SerializationException"},
		{"not JSON", sign(region, "ecr"), "application/x-amz-json-1.1", op, "{", 400, "SerializationException"},
		{"unknown service", sign(region, "glue"), "application/x-amz-json-1.1", "AWSBatch.GetJob", "{}", 501, "no fake for POST / AWSBatch.GetJob"},
		{"unsigned STS", "", "application/x-www-form-urlencoded", "", "Action=GetCallerIdentity&Version=2011-06-15", 403, "<Code>MissingAuthenticationToken</Code>"},
		{"unknown STS", sign(region, "sts"), "application/x-www-form-urlencoded", "", "Action=GetSessionToken&Version=2011-06-15", 501, "no fake for sts GetSessionToken"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			req, err := http.NewRequest("POST", w.AWSURL()+"/", strings.NewReader(tc.body))
			if err != nil {
				t.Fatal(err)
			}
			for k, v := range map[string]string{"Authorization": tc.auth, "Content-Type": tc.contentType,
				"X-Amz-Target": tc.target, "X-Amz-Date": "20260101T000000Z"} {
				if v != "" {
					req.Header.Set(k, v)
				}
			}
			resp, err := w.HTTPClient().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			b, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(string(b), "&#39;", "'")
			if resp.StatusCode != tc.status || !strings.Contains(got, tc.want) {
				t.Errorf("got %d %s, want %d %s", resp.StatusCode, got, tc.status, tc.want)
			}
		})
	}
}
