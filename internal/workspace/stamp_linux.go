package workspace

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// settled is how long a file must have been left alone for its times to tell
// its states apart: two writes within a clock's tick have the same.
const settled = 2 * time.Second

// Stamp tells the state of an open file from all others that it had, as git's
// index does: by device, inode, size and both times, of which no program can
// set the second. It is "" for a file that was written just now, and where the
// system has no such times.
func Stamp(f *os.File) string {
	var s unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &s); err != nil {
		return ""
	}
	last := time.Unix(s.Ctim.Unix())
	if written := time.Unix(s.Mtim.Unix()); written.After(last) {
		last = written
	}
	if time.Since(last) < settled {
		return ""
	}
	return fmt.Sprintf("%d.%d.%d.%d.%d.%d.%d", s.Dev, s.Ino, s.Size, s.Mtim.Sec, s.Mtim.Nsec, s.Ctim.Sec, s.Ctim.Nsec)
}

// Private tells whether nobody but this user can have written an open file.
func Private(f *os.File) bool {
	var s unix.Stat_t
	return unix.Fstat(int(f.Fd()), &s) == nil && s.Mode&unix.S_IFMT == unix.S_IFREG && int(s.Uid) == os.Geteuid() && s.Mode&0o022 == 0
}
