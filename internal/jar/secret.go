package jar

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"sync"
)

// Secret is an entry that must not be in a public image.
type Secret struct {
	Entry string // untrusted
	What  string
}

var (
	privateKey = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`-----BEGIN ((RSA|DSA|EC|OPENSSH|ENCRYPTED|PGP) )?PRIVATE KEY( BLOCK)?-----(\s|\\[rn])+([A-Za-z0-9+/=:, -]|\s|\\[rn]){60,}`)
	})
	accessKey = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b(AKIA|ASIA)[A-Z2-7]{16}\b`) })
	secretKey = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)aws.{0,20}(secret|session).{0,20}['"=:\s]+[A-Za-z0-9/+=]{40}\b`)
	})
)

// example marks the keys of AWS's documentation, and of those who quote it.
const example = "EXAMPLE"

// FindSecret looks for a key in a text. The key itself is never reported. The
// expressions are slow, and tried only on texts that hold what they begin with.
func FindSecret(b []byte) (what string, found bool) {
	if bytes.Contains(b, []byte("PRIVATE KEY")) && privateKey().Match(b) {
		return "a private key", true
	}
	if !bytes.Contains(b, []byte("AKIA")) && !bytes.Contains(b, []byte("ASIA")) || !accessKey().Match(b) {
		return "", false
	}
	switch {
	case genuine(secretKey(), b):
		return "an AWS secret access key", true
	case genuine(accessKey(), b):
		return "an AWS access key id", true
	}
	return "", false
}

// genuine tells whether there is a match that is no example, among the first
// thousand.
func genuine(key *regexp.Regexp, b []byte) bool {
	for range 1000 {
		i := key.FindIndex(b)
		if i == nil {
			return false
		}
		if found := b[i[0]:i[1]]; !bytes.Contains(found, []byte(example)) && varied(found[max(0, len(found)-16):]) {
			return true
		}
		b = b[i[1]:]
	}
	return false
}

// varied tells a key from what stands for one: XXXXXXXXXXXXXXXX.
func varied(key []byte) bool {
	seen := map[byte]bool{}
	for _, c := range key {
		seen[c] = true
	}
	return len(seen) >= 6
}

// secretFiles are names and extensions of files that people keep keys in, and of
// texts that may quote one.
var secretFiles = func() map[string]bool {
	all := map[string]bool{}
	for name := range strings.FieldsSeq(`id_rsa id_dsa id_ecdsa id_ed25519 .netrc .npmrc .pypirc .git-credentials
		.pem .p12 .pfx .jks .keystore .ppk .key .properties .conf .json .yaml .yml .xml .txt .ini .cfg .env .sh .py
		.java .scala .kt .groovy .js .html .htm .md .csv .sql .bat .cnf .gradle .toml`) {
		all[name] = true
	}
	return all
}()

// maybeSecret tells whether an entry's name makes it worth looking into.
func maybeSecret(name string) bool {
	base := name[strings.LastIndexByte(name, '/')+1:]
	lower := strings.ToLower(base)
	return (secretFiles[path.Ext(lower)] || strings.HasSuffix(lower, "key") || secretFiles[lower] || strings.HasSuffix(lower, "credentials") ||
		strings.HasSuffix(lower, "id_rsa") || strings.HasSuffix(lower, "id_ed25519")) && !strings.HasPrefix(base, "pom.")
}
