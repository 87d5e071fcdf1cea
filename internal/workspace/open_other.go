//go:build !linux

package workspace

import (
	"io/fs"
	"os"
)

func open(root, rel string) (*os.File, fs.FileInfo, error) { return openPortably(root, rel) }
