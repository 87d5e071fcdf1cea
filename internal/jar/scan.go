package jar

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"io"
	"path"
	"slices"
	"strings"
)

// scanner is one pass over an archive's directory, and over the first bytes of
// each class.
type scanner struct {
	a        *Archive
	size     int64
	versions map[uint16]*ClassVersion
	spans    []span
	texts    []entry // to be read whole
	looked   int64   // bytes read in search of secrets
	classes  int     // seen so far
}

// span is what an entry takes of the file, local header included.
type span struct{ from, to int64 }

// Looking into a class means to inflate it, which for all of them would take
// longer than to build and push the image. A jar is compiled for one Java: its
// first classes and each so many of the rest tell which.
const (
	allClasses = 64
	everyClass = 64
)

// maxLooked bounds the search for secrets in one archive, in unpacked bytes.
const maxLooked = 16 << 20

func newScanner(a *Archive, size int64) *scanner {
	return &scanner{
		a: a, size: size, versions: map[uint16]*ClassVersion{},
		spans: make([]span, 0, min(a.directory.entries, uint64(a.directory.size/recordLength))),
	}
}

// entry takes in one entry.
func (s *scanner) entry(e entry) bool {
	a := s.a
	a.Entries++
	a.total += int64(min(e.unpacked, 1<<40))
	a.index = append(a.index, indexed{maphash.String(seed, e.name), uint32(e.position), e.crc, uint32(e.unpacked)})
	switch {
	case e.flags&flagEncrypted != 0:
		a.defect(Encrypted, e.name, "the entry is encrypted")
		return true
	case e.method != stored && e.method != deflated:
		a.defect(Method, e.name, fmt.Sprintf("the entry is packed by method %d, and the JVM knows 0 and 8", e.method))
		return true
	case !e.validName():
		a.defect(NameEncoding, e.name, "the entry's name is not UTF-8")
	}
	if problem := nameProblem(e.name); problem != "" {
		a.defect(NamePath, e.name, problem)
	}
	s.spans = append(s.spans, span{e.offset, e.offset + localLength + int64(len(e.name)) + int64(min(e.packed, 1<<40))})
	if !strings.HasSuffix(e.name, "/") {
		s.file(e)
	}
	return true
}

// nameProblem says what is odd about an entry's name. The JVM reads such
// entries; tools that unpack the jar may write elsewhere.
func nameProblem(name string) string {
	switch {
	case name == "":
		return "the entry has no name"
	case strings.HasPrefix(name, "/"), strings.Contains(name, `\`), len(name) > 1 && name[1] == ':':
		return "the entry's name is absolute or has backslashes"
	case strings.Contains(name, "\x00"):
		return "the entry's name holds a NUL"
	case slices.Contains(strings.Split(name, "/"), ".."):
		return "the entry's name leads out of the archive"
	}
	return ""
}

func (s *scanner) file(e entry) {
	a, name := s.a, e.name
	if _, ok := ClassName(name); ok {
		a.Packages[path.Dir(name)]++
		if s.classes < allClasses || s.classes%everyClass == 0 {
			s.class(e)
		}
		s.classes++
		return
	}
	meta, inMeta := strings.CutPrefix(name, "META-INF/")
	switch ext := strings.ToLower(path.Ext(name)); {
	case inMeta && !strings.Contains(meta, "/") && (ext == ".sf" || ext == ".rsa" || ext == ".dsa" || ext == ".ec"):
		a.Signatures = append(a.Signatures, name)
	case ext == ".jar" && !strings.HasPrefix(name, "META-INF/versions/"):
		a.Nested = append(a.Nested, name)
	case name == "META-INF/MANIFEST.MF", inMeta && strings.HasPrefix(meta, "services/"),
		strings.HasSuffix(name, "/pom.properties"), name == "library.properties":
		s.texts = append(s.texts, e)
	case maybeSecret(name) && s.looked+int64(e.unpacked) <= maxLooked && e.unpacked <= maxManifest:
		s.looked += int64(e.unpacked)
		s.texts = append(s.texts, e)
	}
}

// class reads the first eight bytes of a class: magic and version. It does not
// look at the checksum, which would mean to unpack everything.
func (s *scanner) class(e entry) {
	in, done, defect := s.a.directory.open(s.a.content, e)
	if defect != nil {
		s.a.defect(defect.Code, defect.Entry, defect.Detail)
		return
	}
	defer done()
	var head [8]byte
	if _, err := io.ReadFull(in, head[:]); err != nil || binary.BigEndian.Uint32(head[:]) != 0xcafebabe {
		s.a.defect(BadClass, e.name, "the entry is named .class and holds no class")
		return
	}
	major := binary.BigEndian.Uint16(head[6:])
	if v := s.versions[major]; v != nil {
		v.Count++
	} else {
		s.versions[major] = &ClassVersion{major, 1, e.name}
	}
}

// finish reads the texts and looks at the entries together.
func (s *scanner) finish() {
	a := s.a
	slices.SortFunc(a.index, func(x, y indexed) int {
		return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.position, y.position))
	})
	for _, v := range s.versions {
		a.Versions = append(a.Versions, *v)
	}
	slices.SortFunc(a.Versions, func(x, y ClassVersion) int { return cmp.Compare(x.Major, y.Major) })
	s.duplicates()
	s.overlaps()
	if a.total > s.size*200+(64<<20) {
		a.defect(Bomb, "", fmt.Sprintf("the entries claim to unpack to %d times the file", a.total/s.size))
	}
	for _, e := range s.texts {
		s.text(e)
	}
}

func (s *scanner) duplicates() {
	a := s.a
	for i := 1; i < len(a.index); i++ {
		if a.index[i].hash != a.index[i-1].hash {
			continue
		}
		e, err := a.directory.at(a.content, int64(a.index[i].position))
		f, err2 := a.directory.at(a.content, int64(a.index[i-1].position))
		if err != nil || err2 != nil || e.name != f.name || strings.HasSuffix(e.name, "/") {
			continue
		}
		a.defect(Duplicate, e.name, "the archive has two entries of this name, and the JVM takes the last")
	}
}

func (s *scanner) overlaps() {
	slices.SortFunc(s.spans, func(x, y span) int { return cmp.Compare(x.from, y.from) })
	for i := 1; i < len(s.spans); i++ {
		if s.spans[i].from < s.spans[i-1].to {
			s.a.defect(Overlap, "", "entries of the archive share bytes, as in an archive made to overwhelm readers")
			return
		}
	}
}

func (s *scanner) text(e entry) {
	a, limit := s.a, int64(maxText)
	if last, ok := a.find(e.name); ok && last.position != e.position {
		return // the JVM takes the last of that name
	}
	if e.name == "META-INF/MANIFEST.MF" || maybeSecret(e.name) {
		limit = maxManifest
	}
	b, defect := readEntry(a.content, a.directory, e, limit)
	if defect != nil {
		a.defect(defect.Code, defect.Entry, defect.Detail)
		return
	}
	switch {
	case e.name == "META-INF/MANIFEST.MF":
		a.Manifest = parseManifest(b)
	case strings.HasPrefix(e.name, "META-INF/services/"):
		a.Services = append(a.Services, parseServices(path.Base(e.name), b)...)
	case strings.HasSuffix(e.name, "/pom.properties"):
		p := parseProperties(b)
		a.Maven = append(a.Maven, Coordinates{p["groupId"], p["artifactId"], p["version"]})
	case e.name == "library.properties":
		a.ScalaLibrary = parseProperties(b)["version.number"]
	default:
		if what, found := findSecret(b); found {
			a.Secrets = append(a.Secrets, Secret{e.name, what})
		}
	}
}
