package registry

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"glue-connector/internal/connector"
)

// login gets ECR's token when it is first needed and anew before it expires,
// so that a long push outlives it.
type login struct {
	api         *ecr.Client
	account     string
	credentials aws.CredentialsProvider

	mu       sync.Mutex
	password string
	expires  time.Time
	renewed  bool // password replaces one that the registry refused
}

// renewBefore is how long before its end a token is replaced.
const renewBefore = 10 * time.Minute

// tokenLifetime is ECR's, taken if an answer does not name an end.
const tokenLifetime = 12 * time.Hour

func (l *login) token(ctx context.Context) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.password != "" && time.Until(l.expires) > renewBefore {
		return l.password, nil
	}
	if l.password != "" {
		l.renewed = false // it ends in its own time
	}
	if err := checkCredentials(ctx, l.credentials); err != nil {
		return "", err
	}
	// The parameter is deprecated, since any token is good for every registry
	// that the caller may use; Glue's own unpacker gives it all the same, and
	// with it the answer names the registry that was asked for.
	out, err := l.api.GetAuthorizationToken(ctx, &ecr.GetAuthorizationTokenInput{
		//lint:ignore SA1019 see above
		RegistryIds: []string{l.account},
	})
	if err != nil {
		return "", explain(ctx, "getting a token for registry "+l.account, err, connector.Reference{})
	}
	if len(out.AuthorizationData) == 0 || aws.ToString(out.AuthorizationData[0].AuthorizationToken) == "" {
		return "", &Error{Kind: Auth, err: fmt.Errorf("getting a token for registry %s: the answer holds none", l.account)}
	}
	data := out.AuthorizationData[0]
	plain, err := base64.StdEncoding.DecodeString(*data.AuthorizationToken)
	user, password, ok := strings.Cut(string(plain), ":")
	if err != nil || !ok || user != "AWS" {
		return "", &Error{Kind: Auth, err: fmt.Errorf("getting a token for registry %s: the answer is no AWS token", l.account)}
	}
	l.password, l.expires = password, time.Now().Add(tokenLifetime)
	if data.ExpiresAt != nil {
		l.expires = *data.ExpiresAt
	}
	return l.password, nil
}

// checkCredentials tells a machine without credentials from every other
// failure: the SDK's own words for it are about a metadata service.
func checkCredentials(ctx context.Context, credentials aws.CredentialsProvider) error {
	if credentials == nil {
		return noCredentials(errors.New("none are configured"))
	}
	if _, err := credentials.Retrieve(ctx); err != nil {
		if ctx.Err() != nil {
			return &interrupted{doing: "getting AWS credentials", err: ended(ctx)}
		}
		return noCredentials(err)
	}
	return nil
}

// forget drops a token that the registry refused, and tells whether another one
// may do better. The successor of a refused token is not replaced again.
func (l *login) forget(password string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.password != password {
		return true // someone was faster
	}
	if l.renewed {
		return false
	}
	l.password, l.renewed = "", true
	return true
}
