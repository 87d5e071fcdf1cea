package registry

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

type hinted struct{ error }

func (hinted) Hint() string { return "Let the role trust the job." }

// Credentials that cannot be renewed during a push say themselves what to do.
func TestCredentialsThatExplainThemselves(t *testing.T) {
	w := newWorld(t)
	cfg := awsConfig(w)
	cfg.Credentials = aws.NewCredentialsCache(aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{}, hinted{errors.New("assuming the role: no")}
	}))
	_, err := openWith(t, cfg, ref, transportOf(t, w)).Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
	failure{"auth", "assuming the role: no", "Let the role trust the job."}.check(t, err)
	if n := w.UploadedBytes(); n > 0 {
		t.Errorf("%d bytes were uploaded", n)
	}
}
