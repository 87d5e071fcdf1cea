package action

import (
	"io"
	"os"
	"path/filepath"

	"glue-connector/internal/image"
	"glue-connector/internal/workspace"
)

// memoryName is below the user's cache folder.
const memoryName = "glue-connector/layers"

// remembered are the sums of layers that a person's run before has hashed. On a
// runner there are none: what one job leaves behind decides nothing about the
// release of another. As a service it says nothing of what fails.
func (r *run) remembered() *image.Memory {
	if r.env.Getenv("GITHUB_ACTIONS") != "" || r.ws.Root != "" {
		return nil
	}
	folder := r.env.Getenv("XDG_CACHE_HOME")
	if home := r.env.Getenv("HOME"); folder == "" && home != "" {
		folder = filepath.Join(home, ".cache")
	}
	if !filepath.IsAbs(folder) {
		return nil
	}
	r.memory = filepath.Join(folder, memoryName)
	f, err := os.Open(r.memory)
	if err != nil {
		return image.ReadMemory(nil)
	}
	defer f.Close()
	if !workspace.Private(f) {
		r.memory = ""
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(f, image.MaxMemory+1))
	if err != nil {
		b = nil
	}
	return image.ReadMemory(b)
}

// remember keeps what this run has hashed for the next one.
func (r *run) remember() {
	if r.memory == "" || r.image == nil {
		return
	}
	b := r.hashed.Memory()
	if b == nil || os.MkdirAll(filepath.Dir(r.memory), 0o700) != nil {
		return
	}
	temp, err := os.CreateTemp(filepath.Dir(r.memory), "layers-*") // mode 0600
	if err != nil {
		return
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(b)
	if closing := temp.Close(); err == nil && closing == nil {
		_ = os.Rename(temp.Name(), r.memory)
	}
}
