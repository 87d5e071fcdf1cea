package connector

import (
	"cmp"
	"io"
	"slices"

	"glue-connector/internal/jar"
)

// Jar is one file that goes into the image's /jars folder.
type Jar struct {
	// Name is the file's name in /jars.
	Name string
	// Path is where it was found, slash-separated, for people.
	Path string
	// Size is in bytes.
	Size int64
	// Content is the file. It is read more than once and must not change.
	Content io.ReaderAt
	// Stamp tells this state of the file from all others that it had, on this
	// machine; "" if nothing does. It is nil for a file that has none.
	Stamp func() string
	// Archive is what is in it.
	Archive *jar.Archive
}

// NewJar looks into a file.
func NewJar(name, path string, size int64, content io.ReaderAt) *Jar {
	return &Jar{Name: name, Path: path, Size: size, Content: content, Archive: jar.Read(content, size)}
}

// SortJars orders jars as they go into the image.
func SortJars(jars []*Jar) {
	slices.SortFunc(jars, func(a, b *Jar) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Path, b.Path))
	})
}
