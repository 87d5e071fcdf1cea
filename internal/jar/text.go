package jar

import (
	"bufio"
	"bytes"
	"path"
	"regexp"
	"strings"
)

// Manifest holds the main attributes of META-INF/MANIFEST.MF.
type Manifest struct {
	MultiRelease bool
	ClassPath    string
	Title        string // Implementation-Title
	Version      string // Implementation-Version, else Bundle-Version
	ScalaVersion string // of sbt and others
	// Present tells that there is one.
	Present bool
}

// parseManifest reads the main section: lines of name: value, continued by a
// line that begins with a blank (JAR file specification).
func parseManifest(b []byte) Manifest {
	m := Manifest{Present: true}
	text := strings.NewReplacer("\r\n ", "", "\n ", "", "\r\n", "\n", "\r", "\n").Replace(string(b))
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" {
			break // what follows is about single entries
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "multi-release":
			m.MultiRelease = strings.EqualFold(value, "true")
		case "class-path":
			m.ClassPath = value
		case "implementation-title":
			m.Title = value
		case "implementation-version":
			m.Version = value
		case "bundle-version":
			if m.Version == "" {
				m.Version = value
			}
		case "scala-version":
			m.ScalaVersion = value
		}
	}
	return m
}

// Service is one provider line of a file in META-INF/services.
type Service struct {
	Interface string // the file's name
	Provider  string // untrusted
	Line      int
	// Bad says why java.util.ServiceLoader throws at this line, "" if it does not.
	Bad string
}

// A Java identifier also has letters beyond ASCII; ServiceLoader only looks at
// the characters, and so does this.
var providerName = regexp.MustCompile(`^[\pL\p{Nl}_$\p{Sc}][\pL\p{Nl}\p{Nd}\p{Mn}\p{Mc}_$\p{Sc}.]*$`)

// parseServices reads a provider file as java.util.ServiceLoader does: a name a
// line, after a # comment, in UTF-8. A byte order mark is part of the first
// name for it, and makes it throw.
func parseServices(name string, b []byte) []Service {
	var all []Service
	lines := bufio.NewScanner(bytes.NewReader(b))
	lines.Buffer(nil, maxText+1)
	for n := 1; lines.Scan(); n++ {
		provider, _, _ := strings.Cut(lines.Text(), "#")
		// String.trim, which takes less for a blank than Unicode does.
		provider = strings.TrimFunc(provider, func(r rune) bool { return r <= ' ' })
		if provider == "" {
			continue
		}
		s := Service{Interface: name, Provider: provider, Line: n}
		switch {
		case strings.HasPrefix(provider, "\ufeff"):
			s.Bad = "the file begins with a byte order mark, which is no part of a class name"
		case strings.ContainsAny(provider, " \t"):
			s.Bad = "a line holds more than one name"
		case !providerName.MatchString(provider):
			s.Bad = "a line holds what is no class name"
		}
		all = append(all, s)
	}
	return all
}

// Coordinates name a Maven artifact.
type Coordinates struct{ Group, Artifact, Version string }

// parseProperties reads the few properties that are asked for here: no
// continued lines and no escapes occur in them.
func parseProperties(b []byte) map[string]string {
	all := map[string]string{}
	for line := range strings.SplitSeq(string(b), "\n") {
		line = strings.TrimSpace(line)
		if name, value, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
			all[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return all
}

// Secret is an entry that must not be in a public image.
type Secret struct {
	Entry string // untrusted
	What  string
}

var (
	secretNames = regexp.MustCompile(`(?i)(^|/)(id_(rsa|dsa|ecdsa|ed25519)|\.?aws/credentials|\.netrc|\.npmrc|\.pypirc|\.env|\.git-credentials|.+\.(pem|p12|pfx|jks|keystore|ppk|key))$`)
	textNames   = regexp.MustCompile(`(?i)(^|/)[^/]*(\.(properties|conf|json|ya?ml|xml|txt|ini|cfg|env|pem|key|sh|py)|credentials|id_rsa|id_ed25519)$`)
	privateKey  = regexp.MustCompile(`-----BEGIN ((RSA|DSA|EC|OPENSSH|ENCRYPTED|PGP) )?PRIVATE KEY( BLOCK)?-----\s+[A-Za-z0-9+/=\r\n:, -]{60,}`)
	accessKey   = regexp.MustCompile(`\b(AKIA|ASIA)[A-Z2-7]{16}\b`)
	secretKey   = regexp.MustCompile(`(?i)aws.{0,20}(secret|session).{0,20}['"=:\s]+[A-Za-z0-9/+=]{40}\b`)
)

// examples are the keys of AWS's documentation, and of those who quote it.
var examples = regexp.MustCompile(`EXAMPLE`)

// findSecret looks for a key in a text. The key itself is never reported.
func findSecret(b []byte) (what string, found bool) {
	switch {
	case privateKey.Match(b):
		return "a private key", true
	case secretKey.Match(examples.ReplaceAll(b, nil)) && accessKey.Match(b):
		return "an AWS secret access key", true
	}
	for _, k := range accessKey.FindAll(b, -1) {
		if !examples.Match(k) {
			return "an AWS access key id", true
		}
	}
	return "", false
}

// maybeSecret tells whether an entry's name makes it worth looking into.
func maybeSecret(name string) bool {
	return (textNames.MatchString(name) || secretNames.MatchString(name)) && !strings.HasPrefix(path.Base(name), "pom.")
}
