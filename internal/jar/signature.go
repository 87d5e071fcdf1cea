package jar

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"path"
	"strings"
)

// BrokenSignatures lists the signature files with which the JVM refuses to
// load a class of the archive: those whose digest of the manifest, and of its
// main part, is not the manifest's. Merging signed jars into one leaves such
// files behind (JAR file specification, "Signature Validation").
func (a *Archive) BrokenSignatures() []string {
	manifest, defect := a.Open("META-INF/MANIFEST.MF", maxManifest)
	if defect != nil {
		return nil // without a manifest the JVM looks at no signature
	}
	var broken []string
	for _, name := range a.Signatures {
		if !strings.EqualFold(path.Ext(name), ".sf") || !a.hasBlock(name) {
			continue
		}
		b, defect := a.Open(name, maxManifest)
		if defect == nil && !matches(b, manifest) {
			broken = append(broken, name)
		}
	}
	return broken
}

// hasBlock tells whether a signature file has its block: without, it counts
// for nothing.
func (a *Archive) hasBlock(file string) bool {
	base := strings.TrimSuffix(file, path.Ext(file))
	for _, name := range a.Signatures {
		ext := strings.ToLower(path.Ext(name))
		if ext != ".sf" && strings.EqualFold(strings.TrimSuffix(name, path.Ext(name)), base) {
			return true
		}
	}
	return false
}

// matches compares the digests in a signature file's main section with the
// manifest: of all of it, or else of its main section.
func matches(signature, manifest []byte) bool {
	main := manifest
	for _, end := range []string{"\r\n\r\n", "\n\n", "\r\r"} {
		if i := bytes.Index(manifest, []byte(end)); i >= 0 && i+len(end) < len(main) {
			main = manifest[:i+len(end)]
		}
	}
	header := strings.NewReplacer("\r\n ", "", "\n ", "", "\r\n", "\n").Replace(string(signature))
	header, _, _ = strings.Cut(header, "\n\n")
	known := false
	for line := range strings.SplitSeq(header, "\n") {
		name, value, _ := strings.Cut(line, ": ")
		algorithm, what, _ := strings.Cut(name, "-Digest-")
		var of []byte
		switch what {
		case "Manifest":
			of = manifest
		case "Manifest-Main-Attributes":
			of = main
		default:
			continue
		}
		if sum, ok := digest(algorithm, of); ok {
			known = true
			if sum == strings.TrimSpace(value) {
				return true
			}
		}
	}
	return !known
}

func digest(algorithm string, b []byte) (string, bool) {
	switch strings.ToUpper(algorithm) {
	case "SHA1", "SHA-1", "SHA":
		s := sha1.Sum(b)
		return base64.StdEncoding.EncodeToString(s[:]), true
	case "SHA-256", "SHA256":
		s := sha256.Sum256(b)
		return base64.StdEncoding.EncodeToString(s[:]), true
	case "SHA-384", "SHA384":
		s := sha512.Sum384(b)
		return base64.StdEncoding.EncodeToString(s[:]), true
	case "SHA-512", "SHA512":
		s := sha512.Sum512(b)
		return base64.StdEncoding.EncodeToString(s[:]), true
	}
	return "", false
}
