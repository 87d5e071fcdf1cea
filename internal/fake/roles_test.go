package fake_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"glue-connector/internal/fake"
)

const roleARN = "arn:aws:iam::123456789012:role/a/publisher"

// idToken gets a token as a job does, and the endpoint's status.
func idToken(t *testing.T, env []string, audience, authorization string) (string, int) {
	t.Helper()
	url := strings.TrimPrefix(env[0], "ACTIONS_ID_TOKEN_REQUEST_URL=") + "&audience=" + audience
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization == "" {
		authorization = "Bearer " + strings.TrimPrefix(env[1], "ACTIONS_ID_TOKEN_REQUEST_TOKEN=")
	}
	req.Header.Set("Authorization", authorization)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out struct{ Value string }
	json.Unmarshal(b, &out)
	return out.Value, resp.StatusCode
}

func codeOf(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode() + ": " + e.ErrorMessage()
	}
	return ""
}

func TestAssumeRoleWithWebIdentity(t *testing.T) {
	w := newWorld(t)
	if _, status := idToken(t, []string{"ACTIONS_ID_TOKEN_REQUEST_URL=" + w.GitHubURL() + "/_apis/distributedtask/hubs/Actions/idtoken?api-version=2.0", ""}, "a", "Bearer x"); status != 401 {
		t.Errorf("a job without the permission gets %d", status)
	}
	env := w.GiveIDTokens(map[string]any{"sub": "repo:o/r:ref:refs/heads/main"})
	const provider = "token.actions.githubusercontent.com"
	trust := func(condition string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/` + provider +
			`"},"Action":["sts:AssumeRoleWithWebIdentity","sts:TagSession"],"Condition":{` + condition + `}}]}`
	}
	stsOf := func() *sts.Client { return sts.NewFromConfig(awsConfig(t, w)) }
	assume := func(token string, seconds int32) (*sts.AssumeRoleWithWebIdentityOutput, string) {
		out, err := stsOf().AssumeRoleWithWebIdentity(context.Background(), &sts.AssumeRoleWithWebIdentityInput{
			RoleArn: aws.String(roleARN), RoleSessionName: aws.String("xy"), WebIdentityToken: &token, DurationSeconds: &seconds})
		return out, codeOf(err)
	}
	fresh := func() string { s, _ := idToken(t, env, "sts.amazonaws.com", ""); return s }
	refused := func(what, token string, seconds int32, want string) {
		t.Helper()
		if _, got := assume(token, seconds); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	const denied = "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
	refused("no provider", fresh(), 900, "InvalidIdentityToken: No OpenIDConnect provider found")
	w.CreateIDProvider("123456789012", fake.GitHubIssuer, "sts.amazonaws.com")
	refused("no role", fresh(), 900, denied)
	other, _ := idToken(t, env, "other", "")
	refused("audience", other, 900, "InvalidIdentityToken: Incorrect token audience")
	refused("forged", fresh()+"x", 900, "InvalidIdentityToken: The ID Token provided is not a valid JWT")
	for condition, ok := range map[string]bool{
		`"StringEquals":{"` + provider + `:sub":"repo:o/r:ref:refs/heads/main","` + provider + `:aud":["x","sts.amazonaws.com"]}`: true,
		`"StringEquals":{"` + provider + `:sub":"repo:o/r:*"}`:                                                                    false,
		`"StringLike":{"` + provider + `:sub":"repo:o/r:*"}`:                                                                      true,
		`"StringLike":{"` + provider + `:sub":"repo:o/r.:*"}`:                                                                     false,
		`"StringLike":{"` + provider + `:sub":"repo:?/r:*"},"StringEquals":{"` + provider + `:aud":"x"}`:                          false,
		`"StringEquals":{"` + provider + `:environment":"release"}`:                                                               false,
		`"StringEquals":{"sts:ExternalId":"x"}`:                                                                                   false,
	} {
		w.CreateRole(fake.Role{ARN: roleARN, Trust: trust(condition)})
		if _, got := assume(fresh(), 900); (got == "") != ok || !ok && got != denied {
			t.Errorf("%s: %q", condition, got)
		}
	}
	w.CreateRole(fake.Role{ARN: roleARN, Trust: trust(""), MaxDuration: 2 * time.Hour})
	refused("duration", fresh(), 7201, "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration")
	old := fresh()
	w.ExpireIDTokens()
	refused("expired", old, 900, "ExpiredToken: Token expired")

	out, got := assume(fresh(), 7200)
	if got != "" {
		t.Fatal(got)
	}
	cfg := awsConfig(t, w)
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	id, err := sts.NewFromConfig(cfg).GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	if err != nil || *id.Arn != "arn:aws:sts::123456789012:assumed-role/publisher/xy" {
		t.Errorf("%v, %v", id, err)
	}
	w.CreateRepository("210987654321", region, "theirs", false)
	_, err = ecr.NewFromConfig(cfg).DescribeRepositories(context.Background(), &ecr.DescribeRepositoriesInput{
		RegistryId: aws.String("210987654321"), RepositoryNames: []string{"theirs"}})
	if got := codeOf(err); !strings.HasPrefix(got, "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/publisher/xy is not authorized") {
		t.Errorf("another account's registry: %s", got)
	}
	w.EndSessions()
	_, err = ecr.NewFromConfig(cfg).GetAuthorizationToken(context.Background(), &ecr.GetAuthorizationTokenInput{})
	if got := codeOf(err); !strings.HasPrefix(got, "ExpiredTokenException") {
		t.Errorf("an ended session: %s", got)
	}
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, "x")
	_, err = ecr.NewFromConfig(cfg).GetAuthorizationToken(context.Background(), &ecr.GetAuthorizationTokenInput{})
	if got := codeOf(err); !strings.HasPrefix(got, "UnrecognizedClientException") {
		t.Errorf("another session's token: %s", got)
	}
}

// A policy that uses more of IAM's language than is known here is refused.
func TestCreateRoleRefuses(t *testing.T) {
	w := newWorld(t)
	for _, trust := range []string{
		``, `{}`, `{"Version":"2012-10-17","Statement":[]}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","NotPrincipal":{"AWS":"*"},"Action":"sts:AssumeRole"}}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"x"},"Action":"sts:AssumeRole","Condition":{"ArnLike":{"a":"b"}}}}`,
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("taken: %s", trust)
				}
			}()
			w.CreateRole(fake.Role{ARN: roleARN, Trust: trust})
		}()
	}
}
