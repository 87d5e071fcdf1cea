package jar

import (
	"bytes"
	"hash/maphash"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Limits, against archives made to keep a reader busy.
const (
	MaxDirectory = 64 << 20 // bytes of the central directory
	MaxEntries   = 500_000
	maxText      = 64 << 10 // bytes of a service file or of pom.properties
	maxManifest  = 1 << 20
	maxDefects   = 20 // of one code
)

// Archive is a jar and what was found in it.
type Archive struct {
	Entries  int
	Defects  []Defect
	Manifest Manifest
	Services []Service
	// Versions counts the classes of each class-file version, the oldest first.
	// Those under META-INF/versions and module descriptors are left out: a JVM
	// loads them only if it is new enough.
	Versions []ClassVersion
	// Packages counts the classes of each package, named com/example/jdbc; of
	// more than 16,384 packages the first ones in the directory.
	Packages map[string]int
	Maven    []Coordinates
	// ScalaLibrary is version.number of a scala-library inside, "" if none.
	ScalaLibrary string
	// ScalaNames tells that a class has a name that scalac gives: to an object, the
	// code of a trait, or a closure.
	ScalaNames bool
	// Signatures are the signature files, such as META-INF/ACME.SF.
	Signatures []string
	// Loose is how many bytes, as the directory says, are of entries that are
	// stored as they are and would compress, by their names.
	Loose int64
	// Nested are archives inside, which no class loader of Spark looks into.
	Nested []string
	// Secrets are entries that look like private keys or credentials.
	Secrets []Secret

	content   io.ReaderAt
	signed    *sectioned // the manifest, once it was asked for
	directory directory
	releases  [100]bool // that have a folder below META-INF/versions
	some      some
	index     []indexed // sorted by hash, then by position
	total     int64     // bytes that all entries claim to unpack to
}

// ClassVersion counts the classes of one class-file version.
type ClassVersion struct {
	Major   uint16
	Count   int
	Example string // the entry's name
}

// indexed finds an entry by its name without keeping the name.
type indexed struct {
	hash     uint64
	position uint32 // in the central directory
	crc      uint32
	size     uint32
	folder   bool
}

var seed = maphash.MakeSeed()

// Read looks through an archive. It returns nil Defects for one that every
// JVM reads as its maker meant it.
func Read(content io.ReaderAt, size int64) *Archive {
	a := &Archive{content: content, Packages: map[string]int{}}
	d, defect := findDirectory(content, size)
	if defect != nil {
		a.Defects = append(a.Defects, *defect)
		return a
	}
	a.directory = d
	if d.prefix > 0 {
		a.defect(Prefix, "", "something stands before the archive in the file")
	}
	if d.suffix {
		a.defect(Suffix, "", "something stands behind the archive in the file")
	}
	s := newScanner(a, size)
	if defect := d.each(content, s.entry); defect != nil {
		a.Defects = append(a.Defects, *defect)
	}
	// The end record has 16 bits for the count.
	if uint16(d.entries) != uint16(a.Entries) {
		a.defect(Count, "", "the archive's end counts other entries than its directory has")
	}
	if a.room(TooLarge) {
		s.finish()
	}
	return a
}

// Readable tells whether a JVM can open the archive at all.
func (a *Archive) Readable() bool {
	return !slices.ContainsFunc(a.Defects, func(d Defect) bool { return d.Code.fatal() })
}

// Total is the number of bytes that all entries claim to unpack to.
func (a *Archive) Total() int64 { return a.total }

// room tells whether one more defect of a code is reported.
func (a *Archive) room(code Code) bool {
	n := 0
	for _, d := range a.Defects {
		if d.Code == code {
			n++
		}
	}
	return n < maxDefects && (code != TooLarge || n == 0)
}

func (a *Archive) defect(code Code, entry, detail string) {
	if a.room(code) {
		a.Defects = append(a.Defects, Defect{code, entry, detail})
	}
}

// Has tells whether there is an entry of exactly this name.
func (a *Archive) Has(name string) bool {
	_, ok := a.find(name)
	return ok
}

// EntryFor names the entry that a JVM of a Java release, such as 17, takes for a
// name: in a multi-release jar, and only there, that of the latest release up to
// it under META-INF/versions (java.util.jar.JarFile).
func (a *Archive) EntryFor(name string, java int) (string, bool) {
	if a.Manifest.MultiRelease && java > 8 && !strings.HasPrefix(name, "META-INF/") {
		for release := java; release >= 8; release-- {
			if release < len(a.releases) && a.releases[release] {
				if versioned := versions + strconv.Itoa(release) + "/" + name; a.Has(versioned) {
					return versioned, true
				}
			}
		}
	}
	return name, a.Has(name)
}

// find gives the entry of a name that the JVM takes: of several, the last.
func (a *Archive) find(name string) (entry, bool) {
	h := maphash.String(seed, name)
	after, _ := slices.BinarySearchFunc(a.index, h, func(x indexed, h uint64) int {
		if x.hash > h {
			return 1
		}
		return -1
	})
	for i := after - 1; i >= 0 && a.index[i].hash == h; i-- {
		if e, ok := a.directory.at(a.content, int64(a.index[i].position)); ok && e.name == name {
			return e, true
		}
	}
	return entry{}, false
}

// Open returns the bytes of an entry, at most limit of them, or what keeps the
// JVM from reading it, or what makes it read other bytes than the jar's maker
// wrote: Checksum.
func (a *Archive) Open(name string, limit int64) ([]byte, *Defect) {
	var b bytes.Buffer
	if defect := a.Read(name, limit, &b); defect != nil {
		return nil, defect
	}
	return b.Bytes(), nil
}

// Read puts what Open would return into b, which is to be empty. After a defect it
// holds anything.
func (a *Archive) Read(name string, limit int64, b *bytes.Buffer) *Defect {
	e, ok := a.find(name)
	if !ok {
		return &Defect{NotFound, name, "there is no such entry"}
	}
	return readEntry(a.content, a.directory, e, limit, b)
}

// Names calls f with the name of each entry, until it returns false.
func (a *Archive) Names(f func(name string) bool) {
	a.directory.each(a.content, func(e entry) bool { return f(e.name) })
}

// Classes gives the entries of about n classes, spread evenly over the directory, n
// being at most MaxClasses. Those that [ClassName] knows no class of are left out.
func (a *Archive) Classes(n int) []string {
	var names []string
	step := max(1, len(a.some.positions)/n)
	for i := 0; i < len(a.some.positions); i += step {
		if e, ok := a.directory.at(a.content, int64(a.some.positions[i])); ok {
			names = append(names, e.name)
		}
	}
	return names
}

// MaxClasses is how many classes of an archive can be found without going through
// its directory.
const MaxClasses = 32

// some keeps where in the directory some of its classes are: each one as long as
// there are few, then each other one, and so on.
type some struct {
	positions []uint32
	seen      int
	shift     int // of seen, one in 1<<shift is kept
}

func (s *some) add(position uint32) {
	if s.seen&(1<<s.shift-1) == 0 {
		if len(s.positions) == 2*MaxClasses {
			for i := range MaxClasses {
				s.positions[i] = s.positions[2*i]
			}
			s.positions, s.shift = s.positions[:MaxClasses], s.shift+1
		}
		s.positions = add(s.positions, position)
	}
	s.seen++
}

// ClassName gives the name of the class that an entry holds by its path;
// entries that only newer JVMs look at, and descriptors, hold none.
func ClassName(entryName string) (string, bool) {
	if !isClass(entryName) {
		return "", false
	}
	return strings.ReplaceAll(strings.TrimSuffix(entryName, ".class"), "/", "."), true
}

func isClass(entryName string) bool {
	if !strings.HasSuffix(entryName, ".class") || strings.HasPrefix(entryName, "META-INF/") {
		return false
	}
	base := entryName[strings.LastIndexByte(entryName, '/')+1:]
	return base != "module-info.class" && base != "package-info.class"
}
