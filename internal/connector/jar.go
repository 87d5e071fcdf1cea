package connector

import (
	"archive/zip"
	"cmp"
	"errors"
	"io"
	"slices"
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
	// Defect says why the JVM could not open the file as a jar, nil if it can.
	Defect error
}

// Why a file is no jar.
var (
	ErrEmpty    = errors.New("the file is empty")
	ErrNotZip   = errors.New("the file is not a zip archive")
	ErrTooLarge = errors.New("the archive's directory is larger than 64 MiB or has more than 500,000 entries")
	ErrBroken   = errors.New("the archive's directory is broken or cut off")
)

// NewJar looks at a file as far as is needed to know whether it is an archive.
func NewJar(name, path string, size int64, content io.ReaderAt) *Jar {
	j := &Jar{Name: name, Path: path, Size: size, Content: content}
	j.Defect = j.inspect()
	return j
}

// SortJars orders jars as they go into the image.
func SortJars(jars []*Jar) {
	slices.SortFunc(jars, func(a, b *Jar) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Path, b.Path))
	})
}

func (j *Jar) inspect() error {
	if j.Size == 0 {
		return ErrEmpty
	}
	end, err := readEndOfDirectory(j.Content, j.Size)
	if err != nil {
		return err
	}
	if end.entries > 500_000 || end.directorySize > 64<<20 {
		return ErrTooLarge
	}
	if _, err := zip.NewReader(j.Content, j.Size); err != nil {
		return ErrBroken
	}
	return nil
}
