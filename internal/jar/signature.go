package jar

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"path"
	"strings"
)

// BrokenSignature is a signature file with which the JVM refuses to load any
// class of the archive.
type BrokenSignature struct {
	File string // untrusted
	Why  string // plain, ours
}

// BrokenSignatures lists the signature files that do not fit the manifest: merging
// signed jars into one leaves such files behind. A file without its block counts
// for nothing, and so does every file without a manifest (JAR file specification,
// "Signature Validation"; sun.security.util.SignatureFileVerifier). Whether the
// block signs the file, and whose it is, is not looked at.
func (a *Archive) BrokenSignatures() []BrokenSignature {
	manifest, ok := a.manifest()
	if !ok {
		return nil
	}
	var broken []BrokenSignature
	for _, name := range a.signatureFiles() {
		if file, ok := a.sections(name); ok {
			if why := file.unfit(manifest); why != "" {
				broken = append(broken, BrokenSignature{name, why})
			}
		}
	}
	return broken
}

// maxSignatures is how many signature files are looked at: a jar has one of each
// who signed it.
const maxSignatures = 64

// signatureFiles are those that have their block.
func (a *Archive) signatureFiles() []string {
	blocks := map[string]bool{}
	for _, name := range a.Signatures {
		if ext := path.Ext(name); !strings.EqualFold(ext, ".sf") {
			blocks[strings.ToLower(strings.TrimSuffix(name, ext))] = true
		}
	}
	var files []string
	for _, name := range a.Signatures {
		if ext := path.Ext(name); strings.EqualFold(ext, ".sf") && len(files) < maxSignatures && blocks[strings.ToLower(strings.TrimSuffix(name, ext))] {
			files = append(files, name)
		}
	}
	return files
}

// Signing is how an entry stands to the archive's signatures.
type Signing int

// The ways of an entry.
const (
	Unsigned Signing = iota
	Signed
	Changed // since it was signed: the JVM refuses it
)

// Signing tells whether an entry is what was signed.
func (a *Archive) Signing(entry string) Signing {
	if len(a.signatureFiles()) == 0 {
		return Unsigned
	}
	manifest, ok := a.manifest()
	section, named := manifest.named[entry]
	if !ok || !named {
		return Unsigned
	}
	content, defect := a.Open(entry, maxSigned)
	if defect != nil {
		return Unsigned // what cannot be read is reported as such
	}
	switch fits, known := section.fits("-Digest", content); {
	case !known:
		return Unsigned
	case fits:
		return Signed
	}
	return Changed
}

// maxSigned bounds the entry whose digest is taken, in bytes.
const maxSigned = 16 << 20

// sectioned is a manifest or a signature file.
type sectioned struct {
	all   []byte
	main  section
	named map[string]section
}

// section is a part of such a file, with the blank line that ends it.
type section struct {
	raw        []byte
	attributes [][2]string
}

func (a *Archive) sections(entry string) (sectioned, bool) {
	b, defect := a.Open(entry, maxManifest)
	if defect != nil {
		return sectioned{}, false
	}
	s := sectioned{all: b, named: map[string]section{}}
	for first := true; len(b) > 0 || first; first = false {
		rest := b
		for len(rest) > 0 {
			var line []byte
			if line, rest = cutLine(rest); len(line) == 0 {
				break
			}
		}
		part := parseSection(b[:len(b)-len(rest)])
		b = rest
		if first {
			s.main = part
		} else if name := part.get("Name"); name != "" {
			s.named[name] = part
		}
	}
	return s, true
}

// manifest is the archive's, divided into sections once.
func (a *Archive) manifest() (sectioned, bool) {
	if a.signed == nil {
		s, ok := a.sections(manifestName)
		if !ok {
			s.named = nil
		}
		a.signed = &s
	}
	return *a.signed, a.signed.named != nil
}

func parseSection(raw []byte) section {
	s := section{raw: raw}
	text := strings.NewReplacer("\r\n ", "", "\n ", "", "\r\n", "\n", "\r", "\n").Replace(string(raw))
	for line := range strings.SplitSeq(text, "\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			s.attributes = append(s.attributes, [2]string{name, strings.TrimSpace(value)})
		}
	}
	return s
}

func (s section) get(name string) string {
	for _, a := range s.attributes {
		if strings.EqualFold(a[0], name) {
			return a[1]
		}
	}
	return ""
}

// fits compares the digests of a kind in a section, such as SHA-256-Digest, with
// what they are of: one that fits is enough. Known tells that there is one.
func (s section) fits(kind string, of []byte) (fits, known bool) {
	for _, a := range s.attributes {
		if len(a[0]) <= len(kind) || !strings.EqualFold(a[0][len(a[0])-len(kind):], kind) {
			continue
		}
		if sum, ok := digest(a[0][:len(a[0])-len(kind)], of); ok {
			known = true
			fits = fits || sum == a[1]
		}
	}
	return fits, known
}

// unfit says why a signature file is not one of the manifest, "" if it is: of all
// of it, or else of its main section and of each section that the file names.
func (s sectioned) unfit(manifest sectioned) string {
	if fits, _ := s.main.fits("-Digest-Manifest", manifest.all); fits {
		return ""
	}
	if fits, known := s.main.fits("-Digest-Manifest-Main-Attributes", manifest.main.raw); known && !fits {
		return "does not fit its manifest"
	}
	for name, own := range s.named {
		section, ok := manifest.named[name]
		if fits, known := own.fits("-Digest", section.raw); known && !fits {
			if !ok {
				return "signs entries that the manifest does not name"
			}
			return "does not fit what the manifest says of an entry"
		}
	}
	return ""
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
