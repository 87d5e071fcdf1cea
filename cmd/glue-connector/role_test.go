package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"glue-connector/internal/fake"
)

// idtoken CLAIM=VALUE...: the job has id-token: write, and these claims.
func idToken(ts *testscript.TestScript, _ bool, args []string) {
	claims := map[string]any{}
	for _, a := range args {
		name, value, _ := strings.Cut(a, "=")
		claims[name] = value
	}
	for _, kv := range world(ts).GiveIDTokens(claims) {
		k, v, _ := strings.Cut(kv, "=")
		ts.Setenv(k, v)
	}
}

// idprovider ACCOUNT AUDIENCE...: the account knows GitHub's ID tokens.
func idProvider(ts *testscript.TestScript, _ bool, args []string) {
	world(ts).CreateIDProvider(args[0], fake.GitHubIssuer, args[1:]...)
}

// role ARN FILE [SECONDS]: makes a role with the trust policy in a file.
func makeRole(ts *testscript.TestScript, _ bool, args []string) {
	r := fake.Role{ARN: args[0], Trust: ts.ReadFile(args[1])}
	if len(args) > 2 {
		seconds, err := strconv.Atoi(args[2])
		ts.Check(err)
		r.MaxDuration = time.Duration(seconds) * time.Second
	}
	world(ts).CreateRole(r)
}

// idtokens: prints how many ID tokens were issued and how many STS was shown, and
// fails if one was shown twice.
func idTokens(ts *testscript.TestScript, _ bool, _ []string) {
	issued, shown := world(ts).IDTokens()
	if len(slices.Compact(slices.Sorted(slices.Values(shown)))) != len(shown) {
		ts.Fatalf("a token was shown twice")
	}
	fmt.Fprintf(ts.Stdout(), "%d issued, %d shown\n", len(issued), len(shown))
}

// nosecrets FILE...: fails if one of the files, stdout or stderr holds a token or
// a secret of the world.
func noSecrets(ts *testscript.TestScript, _ bool, args []string) {
	all := world(ts).Secrets()
	if len(all) == 0 {
		ts.Fatalf("there are no secrets")
	}
	for _, name := range append([]string{"stdout", "stderr"}, args...) {
		text := ts.ReadFile(name)
		for _, secret := range all {
			if strings.Contains(text, secret) {
				ts.Fatalf("%s holds a secret: %s", name, secret)
			}
		}
	}
}

// policy FILE: writes the trust policy that the report's hint ends with.
func policy(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile("stdout")
	_, text, ok := strings.Cut(text, "this trust policy lets it: ")
	if !ok {
		ts.Fatalf("there is no policy in stdout")
	}
	line, _, _ := strings.Cut(text, "\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(line), 0o644))
}
