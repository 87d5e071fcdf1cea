package jar

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/maphash"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// scanner is one pass over an archive's directory, and one over what the
// directory names.
type scanner struct {
	a        *Archive
	size     int64
	versions map[uint16]*ClassVersion
	places   []place
	texts    []uint32 // to be read whole: positions in the directory
	looked   int64    // bytes to be read in search of secrets
	unpacked int64    // bytes of texts that were read
	pkg      string   // of the class before
	peeker   peeker
}

// Limits to what is read of one archive and kept of it: far more than there is
// in the largest of jars.
const (
	maxLooked   = 16 << 20 // bytes in search of secrets
	maxUnpacked = 64 << 20 // bytes of all texts
	maxFacts    = 4096     // of service providers, and of Maven's coordinates
	maxPackages = 16384
)

func newScanner(a *Archive, size int64) *scanner {
	n := a.directory.entries
	a.index = make([]indexed, 0, n)
	return &scanner{a: a, size: size, versions: map[uint16]*ClassVersion{}, places: make([]place, 0, n)}
}

// entry takes in one entry.
func (s *scanner) entry(e entry) bool {
	a := s.a
	if a.Entries == MaxEntries {
		a.Defects = append(a.Defects, tooLarge)
		return false
	}
	if a.Entries++; len(a.index) == cap(a.index) {
		// The end record has miscounted.
		more := a.directory.count(a.content) - len(a.index)
		a.index, s.places = slices.Grow(a.index, more), slices.Grow(s.places, more)
	}
	a.total += int64(min(e.unpacked, 1<<40))
	number := uint32(len(a.index))
	a.index = append(a.index, indexed{maphash.String(seed, e.name), uint32(e.position), e.crc, uint32(e.unpacked), strings.HasSuffix(e.name, "/")})
	switch {
	case e.flags&flagEncrypted != 0:
		a.defect(Encrypted, e.name, "the entry is encrypted")
		return true
	case e.method != stored && e.method != deflated:
		a.defect(Method, e.name, fmt.Sprintf("the entry is packed by method %d, and the JVM knows 0 and 8", e.method))
		return true
	case e.odd != nil:
		a.defect(e.odd.Code, e.name, e.odd.Detail)
	}
	if problem := nameProblem(e.name); problem != "" {
		a.defect(NamePath, e.name, problem)
	}
	if e.symlink {
		a.defect(Link, e.name, "the entry is a symbolic link, and the JVM reads the path in it as the content")
	}
	if e.method == stored && !packedAlready[strings.ToLower(path.Ext(e.name))] {
		a.Loose += int64(min(e.packed, uint64(s.size)))
	}
	k := kindOf(e.name)
	s.places = append(s.places, place{e.offset, uint32(min(e.packed, full)), number, uint16(len(e.name)), uint8(e.method), k})
	switch k {
	case kindClass:
		s.inPackage(e.name[:max(0, strings.LastIndexByte(e.name, '/'))])
		a.some.add(uint32(e.position))
		a.ScalaNames = a.ScalaNames || namedByScala(e.name)
	case kindFile:
		s.file(e)
	}
	return true
}

// namedByScala tells names that scalac gives.
func namedByScala(class string) bool {
	name := class[:len(class)-len(".class")]
	return strings.HasSuffix(name, "$") || strings.HasSuffix(name, "$class") || strings.Contains(name, "$$anonfun$")
}

// packedAlready are the extensions of files that compress no further.
var packedAlready = map[string]bool{
	".jar": true, ".war": true, ".ear": true, ".zip": true, ".gz": true, ".bz2": true, ".xz": true, ".zst": true,
	".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".woff2": true,
}

// inPackage counts a class, most often of the package of the one before.
func (s *scanner) inPackage(name string) {
	if name != s.pkg {
		if _, ok := s.a.Packages[name]; !ok && len(s.a.Packages) == maxPackages {
			return
		}
		s.pkg = name
	}
	s.a.Packages[s.pkg]++
}

// nameProblem says what is odd about an entry's name. The JVM reads such
// entries; tools that unpack the jar may write elsewhere.
func nameProblem(name string) string {
	switch {
	case name == "":
		return "the entry has no name"
	case name[0] == '/', strings.IndexByte(name, '\\') >= 0, len(name) > 1 && name[1] == ':':
		return "the entry's name is absolute or has backslashes"
	case strings.IndexFunc(name, invisible) >= 0:
		return "the entry's name holds characters that cannot be seen"
	case name == "..", strings.HasPrefix(name, "../"), strings.HasSuffix(name, "/.."), strings.Contains(name, "/../"):
		return "the entry's name leads out of the archive"
	}
	return ""
}

// invisible tells control characters and those that change the direction of text.
func invisible(r rune) bool {
	return r < ' ' || r == 0x7f || r >= 0x80 && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}

// versions is where a multi-release jar has its entries for newer releases.
const versions = "META-INF/versions/"

const manifestName = "META-INF/MANIFEST.MF"

func (s *scanner) file(e entry) {
	a, name := s.a, e.name
	inMeta := strings.HasPrefix(name, "META-INF/")
	if rest, ok := strings.CutPrefix(name, versions); ok {
		number, _, _ := strings.Cut(rest, "/")
		if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < len(a.releases) {
			a.releases[n] = true
		}
	}
	switch ext := strings.ToLower(path.Ext(name)); {
	case inMeta && (ext == ".sf" || ext == ".rsa" || ext == ".dsa" || ext == ".ec"):
		a.Signatures = add(a.Signatures, name)
	case ext == ".jar" && !strings.HasPrefix(name, versions):
		a.Nested = add(a.Nested, name)
	case strings.EqualFold(name, manifestName), decides(name):
		s.texts = add(s.texts, uint32(e.position))
	case maybeSecret(name) && s.looked+int64(min(e.unpacked, maxLooked)) <= maxLooked:
		s.looked += int64(e.unpacked)
		s.texts = add(s.texts, uint32(e.position))
	}
}

// decides tells texts by which a jar is loaded, or known.
func decides(name string) bool {
	return strings.HasPrefix(name, "META-INF/services/") || strings.HasSuffix(name, "/pom.properties") || name == "library.properties"
}

// add appends, and doubles what is full: append itself, growing by less, in the
// end allocates more.
func add[T any](s []T, v T) []T {
	if len(s) == cap(s) {
		s = slices.Grow(s, max(4, len(s)))
	}
	return append(s, v)
}

// finish reads what the directory names, and looks at the entries together.
func (s *scanner) finish() {
	a := s.a
	s.locals()
	slices.SortFunc(a.index, func(x, y indexed) int {
		return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.position, y.position))
	})
	a.Versions = make([]ClassVersion, 0, len(s.versions))
	for _, v := range s.versions {
		a.Versions = append(a.Versions, *v)
	}
	slices.SortFunc(a.Versions, func(x, y ClassVersion) int { return cmp.Compare(x.Major, y.Major) })
	s.duplicates()
	if a.total > s.size*200+(64<<20) {
		a.defect(Bomb, "", fmt.Sprintf("the entries claim to unpack to %d times the file", a.total/s.size))
	}
	b := texts.Get().(*bytes.Buffer)
	defer texts.Put(b)
	for _, position := range s.texts {
		e, ok := a.directory.at(a.content, int64(position))
		if ok && !s.text(e, b) {
			break
		}
	}
}

// texts are where texts are unpacked to, one after the other.
var texts = sync.Pool{New: func() any { return &bytes.Buffer{} }}

// text reads one text, and tells whether there is time for more.
func (s *scanner) text(e entry, b *bytes.Buffer) (more bool) {
	a, limit := s.a, int64(maxText)
	if last, ok := a.find(e.name); ok && last.position != e.position {
		return true // the JVM takes the last of that name
	}
	// The manifest is the last one by whatever case.
	manifest := strings.EqualFold(e.name, manifestName)
	switch {
	case manifest:
		limit = maxManifest
	case !decides(e.name):
		limit = maxLooked
	}
	if s.unpacked += int64(min(e.unpacked, uint64(limit))); s.unpacked > maxUnpacked {
		a.defect(Bomb, e.name, "the texts that decide how the jar is loaded are too long to be read")
		return false
	}
	b.Reset()
	if defect := readEntry(a.content, a.directory, e, limit, b); defect != nil {
		if defect.Code != LocalHeader { // which is known
			a.defect(defect.Code, defect.Entry, defect.Detail)
		}
		if defect.Code != Checksum {
			return true
		}
	}
	switch {
	case manifest:
		a.Manifest = parseManifest(b.Bytes())
		if problem := manifestProblem(b.Bytes()); problem != "" {
			a.defect(BadManifest, e.name, problem)
		}
	case strings.HasPrefix(e.name, "META-INF/services/"):
		a.Services = parseServices(a.Services, path.Base(e.name), b.Bytes())
		if len(a.Services) == maxFacts {
			a.defect(Bomb, e.name, "the archive lists more service providers than are looked at")
		}
	case strings.HasSuffix(e.name, "/pom.properties"):
		if len(a.Maven) < maxFacts {
			a.Maven = append(a.Maven, Coordinates{property(b.Bytes(), "groupId"), property(b.Bytes(), "artifactId"), property(b.Bytes(), "version")})
		}
	case e.name == "library.properties":
		a.ScalaLibrary = property(b.Bytes(), "version.number")
	default:
		if what, found := FindSecret(b.Bytes()); found {
			a.Secrets = append(a.Secrets, Secret{e.name, what})
		}
	}
	return true
}
