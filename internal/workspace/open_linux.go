package workspace

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// open lets the kernel refuse links in every element, without a moment between
// look and open. O_NONBLOCK keeps a pipe from blocking until it is refused.
func open(root, rel string) (*os.File, fs.FileInfo, error) {
	dir, err := unix.Open(root, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	defer unix.Close(dir)
	fd, err := unix.Openat2(dir, rel, &unix.OpenHow{
		Flags:   unix.O_RDONLY | unix.O_NONBLOCK | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS,
	})
	switch {
	case err == nil:
		return check(os.NewFile(uintptr(fd), rel))
	case errors.Is(err, unix.ELOOP):
		return nil, nil, ErrSymlink
	case errors.Is(err, unix.EXDEV):
		return nil, nil, ErrOutside
	case errors.Is(err, unix.ENXIO):
		return nil, nil, ErrNotRegular
	case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EPERM):
		return openPortably(root, rel) // an old kernel, or a sandbox without the call
	}
	return nil, nil, err
}
