package classfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const magic = 0xCAFEBABE

// A Version is the version of the format of a class file (§4.1).
type Version struct {
	Major, Minor uint16
}

// ParseVersion returns the version from the first 8 bytes of a class file.
func ParseVersion(prefix []byte) (Version, error) {
	if len(prefix) < 8 {
		return Version{}, fault("magic and version", len(prefix), io.ErrUnexpectedEOF)
	}
	if binary.BigEndian.Uint32(prefix) != magic {
		return Version{}, fault("magic", 0, errors.New("not 0xCAFEBABE"))
	}
	return Version{
		Minor: binary.BigEndian.Uint16(prefix[4:]),
		Major: binary.BigEndian.Uint16(prefix[6:]),
	}, nil
}

// Java returns the first Java release that supports the version: 8 for 52.
func (v Version) Java() int { return max(int(v.Major)-44, 1) }

// Preview reports whether the class depends on preview features of exactly
// the release [Version.Java]; a JVM loads it only with --enable-preview.
func (v Version) Preview() bool { return v.Major >= 56 && v.Minor == 65535 }

// SupportedBy reports whether a JVM of the Java release, without
// --enable-preview, loads classes of the version (§4.1, table 4.1-A).
func (v Version) SupportedBy(java int) bool {
	return v.Major >= 45 && int(v.Major) <= 44+java && (v.Major < 56 || v.Minor == 0)
}

// fault is the one form of an error here.
func fault(part string, offset int, err error) error {
	return fmt.Errorf("reading the %s at offset %d: %w", part, offset, err)
}
