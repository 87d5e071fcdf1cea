package jar

import (
	"bytes"
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Manifest holds the main attributes of META-INF/MANIFEST.MF.
type Manifest struct {
	MultiRelease bool
	ClassPath    string
	Title        string // Implementation-Title
	Version      string // Implementation-Version, else Bundle-Version
	ScalaVersion string // of sbt and others
	// Sealed tells that the jar's packages are in no other jar.
	Sealed bool
	// Present tells that there is one.
	Present bool
}

// parseManifest reads the main section: lines of name: value, continued by a
// line that begins with a blank (JAR file specification).
func parseManifest(b []byte) Manifest {
	m, bundle := Manifest{Present: true}, ""
	// The JDK takes no line that does not end.
	b = b[:bytes.LastIndexAny(b, "\r\n")+1]
	for len(b) > 0 {
		var line []byte
		if line, b = cutLine(b); len(line) == 0 {
			break // what follows is about single entries
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		field := m.field(name, &bundle)
		folded := len(b) > 0 && b[0] == ' '
		if bytes.EqualFold(name, []byte("multi-release")) {
			// The JDK also looks for the line as a whole, and trims nothing.
			m.MultiRelease = bytes.EqualFold(value, []byte(" true")) && !folded
		}
		if bytes.EqualFold(name, []byte("sealed")) {
			m.Sealed = strings.EqualFold(string(bytes.TrimSpace(value)), "true")
		}
		if folded && field != nil {
			value = slices.Clone(value)
		}
		for len(b) > 0 && b[0] == ' ' {
			if line, b = cutLine(b[1:]); field != nil && len(value) < maxText {
				value = append(value, line...)
			}
		}
		value = bytes.TrimSpace(value)
		if field != nil && string(value) != *field {
			*field = string(value)
		}
	}
	m.Version = cmp.Or(m.Version, bundle)
	return m
}

// maxManifestLine is that of java.util.jar.Manifest, in bytes, line end included.
const maxManifestLine = 512

// manifestProblem says why java.util.jar.Manifest refuses a manifest, "" if it
// takes it. The JVM reads the manifest before it defines the first class of a jar.
func manifestProblem(b []byte) string {
	b = b[:bytes.LastIndexAny(b, "\r\n")+1]
	main, begins, continues := true, true, false // the main section; a section's begin; a line may go on
	for len(b) > 0 {
		line, rest := cutLine(b)
		if len(b)-len(rest) > maxManifestLine {
			return "a line of the manifest is longer than 512 bytes"
		}
		b = rest
		switch {
		case len(line) == 0:
			main, begins, continues = false, true, false
		case line[0] == ' ' && !continues:
			return "a line of the manifest continues none"
		case line[0] == ' ':
		case !main && begins && !(len(line) >= 6 && bytes.EqualFold(line[:6], []byte("Name: "))):
			return "a section of the manifest does not begin with a Name"
		default:
			name, value, ok := bytes.Cut(line, []byte(":"))
			if !ok || len(value) == 0 || value[0] != ' ' {
				return "a line of the manifest is no name, colon, blank and value"
			}
			if !attributeName.Match(name) {
				return "a name in the manifest holds other characters than letters, digits, dashes and underscores, or has more than 70"
			}
			begins, continues = false, true
		}
	}
	return ""
}

var attributeName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,70}$`)

// field is where an attribute's value goes, nil for one that does not matter.
func (m *Manifest) field(name []byte, bundle *string) *string {
	is := func(other string) bool { return len(name) == len(other) && bytes.EqualFold(name, []byte(other)) }
	switch {
	case is("class-path"):
		return &m.ClassPath
	case is("implementation-title"):
		return &m.Title
	case is("implementation-version"):
		return &m.Version
	case is("bundle-version"):
		return bundle
	case is("scala-version"):
		return &m.ScalaVersion
	}
	return nil
}

// cutLine takes a line off a text, as java.io.BufferedReader divides it.
func cutLine(b []byte) (line, rest []byte) {
	i := bytes.IndexAny(b, "\r\n")
	switch {
	case i < 0:
		return b, nil
	case b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n':
		return b[:i], b[i+2:]
	}
	return b[:i], b[i+1:]
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

// parseServices adds what a provider file lists, until there are maxFacts, as
// java.util.ServiceLoader reads it: a name a line, after a # comment, in UTF-8.
// A byte order mark is part of the first name for it, and makes it throw.
func parseServices(all []Service, name string, b []byte) []Service {
	for n := 1; len(b) > 0 && len(all) < maxFacts; n++ {
		var line []byte
		line, b = cutLine(b)
		line, _, _ = bytes.Cut(line, []byte("#"))
		// String.trim, which takes less for a blank than Unicode does.
		if line = bytes.TrimFunc(line, func(r rune) bool { return r <= ' ' }); len(line) == 0 {
			continue
		}
		s := Service{Interface: name, Provider: string(line), Line: n}
		switch {
		case strings.HasPrefix(s.Provider, "\ufeff"):
			s.Bad = "the file begins with a byte order mark, which is no part of a class name"
		case strings.ContainsAny(s.Provider, " \t"):
			s.Bad = "a line holds more than one name"
		case !providerName.MatchString(s.Provider):
			s.Bad = "a line holds what is no class name"
		}
		all = add(all, s)
	}
	return all
}

// Coordinates name a Maven artifact.
type Coordinates struct{ Group, Artifact, Version string }

// property reads one of the few properties that are asked for here: no
// continued lines and no escapes occur in them, and none is long.
func property(b []byte, name string) string {
	found := ""
	for len(b) > 0 {
		var line []byte
		line, b = cutLine(b)
		if key, value, ok := bytes.Cut(line, []byte("=")); ok && string(bytes.TrimSpace(key)) == name {
			value = bytes.TrimSpace(value)
			found = string(value[:min(len(value), 256)])
		}
	}
	return found
}

// Secret is an entry that must not be in a public image.
type Secret struct {
	Entry string // untrusted
	What  string
}

var (
	privateKey = regexp.MustCompile(`-----BEGIN ((RSA|DSA|EC|OPENSSH|ENCRYPTED|PGP) )?PRIVATE KEY( BLOCK)?-----(\s|\\[rn])+([A-Za-z0-9+/=:, -]|\s|\\[rn]){60,}`)
	accessKey  = regexp.MustCompile(`\b(AKIA|ASIA)[A-Z2-7]{16}\b`)
	secretKey  = regexp.MustCompile(`(?i)aws.{0,20}(secret|session).{0,20}['"=:\s]+[A-Za-z0-9/+=]{40}\b`)
)

// example marks the keys of AWS's documentation, and of those who quote it.
const example = "EXAMPLE"

// FindSecret looks for a key in a text. The key itself is never reported. The
// expressions are slow, and tried only on texts that hold what they begin with.
func FindSecret(b []byte) (what string, found bool) {
	if bytes.Contains(b, []byte("PRIVATE KEY")) && privateKey.Match(b) {
		return "a private key", true
	}
	if !bytes.Contains(b, []byte("AKIA")) && !bytes.Contains(b, []byte("ASIA")) || !accessKey.Match(b) {
		return "", false
	}
	switch {
	case genuine(secretKey, b):
		return "an AWS secret access key", true
	case genuine(accessKey, b):
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
