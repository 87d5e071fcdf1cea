package image

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Memory are the sums of layers that were hashed before, by the stamps of their
// jars. Layers that a compressor makes are not in it: another version of the
// program might make others.
type Memory struct {
	Version int          `json:"version"`
	Layers  []remembered `json:"layers"` // those used last come first

	known map[string]remembered
}

type remembered struct {
	Key    string `json:"key"`
	DiffID string `json:"diffID"`
	Digest string `json:"digest"`
	Sum    uint32 `json:"sum"`
}

const (
	memoryVersion = 1
	// maxRemembered keeps the memory of a dozen large connectors below 300 kB.
	maxRemembered = 1000
	// MaxMemory is how long a memory may be, in bytes.
	MaxMemory = 1 << 20
)

// ReadMemory reads what [Hashed.Memory] wrote. Anything else is an empty memory.
func ReadMemory(b []byte) *Memory {
	m := &Memory{}
	if len(b) > MaxMemory || json.Unmarshal(b, m) != nil || m.Version != memoryVersion {
		m = &Memory{}
	}
	m.known = map[string]remembered{}
	for _, r := range m.Layers {
		m.known[r.Key] = r
	}
	return m
}

// recall fills in a layer's sums, if they are known.
func (m *Memory) recall(l *layer) bool {
	if m == nil || l.pack {
		return false
	}
	r, ok := m.known[l.key()]
	if !ok {
		return false
	}
	diffID, err := v1.NewHash(r.DiffID)
	if err != nil {
		return false
	}
	digest, err := v1.NewHash(r.Digest)
	if err != nil {
		return false
	}
	l.diffID, l.digest, l.sum = diffID, digest, r.Sum
	return true
}

// key names the content of a layer and the form that it gets, "" if there is a
// file without a stamp.
func (l *layer) key() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %d\n", gzipHeader, maxStored)
	for _, f := range l.files {
		stamp := ""
		if f.stamp != nil {
			stamp = f.stamp()
		}
		if stamp == "" {
			return ""
		}
		header, err := f.header()
		if err != nil {
			return ""
		}
		fmt.Fprintf(h, "%q %q\n", header, stamp)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// Memory returns what to remember, nil if there is nothing new. A jar that has
// changed since it was hashed has another stamp by now, or none.
func (h *Hashed) Memory() []byte {
	layers, err := h.wait()
	if err != nil || h.memory == nil {
		return nil
	}
	next := Memory{Version: memoryVersion}
	fresh, seen := false, map[string]bool{"": true}
	for _, l := range layers {
		if key := l.key(); !l.pack && l.before == key && !seen[key] {
			_, old := h.memory.known[key]
			fresh, seen[key] = fresh || !old, true
			next.Layers = append(next.Layers, remembered{key, l.diffID.String(), l.digest.String(), l.sum})
		}
	}
	if !fresh {
		return nil
	}
	for _, r := range h.memory.Layers {
		if !seen[r.Key] && len(next.Layers) < maxRemembered {
			next.Layers = append(next.Layers, r)
		}
	}
	b, err := json.Marshal(next)
	if err != nil {
		return nil // cannot be: it is made of strings and a number
	}
	return b
}
