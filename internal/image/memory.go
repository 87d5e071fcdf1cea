package image

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Memory are the sums of layers that were hashed before, by the stamps of their
// jars. Layers that a compressor makes are not in it: another version of the
// program might make others.
//
// Written, it is memoryHeader, and a line for each layer, those used last first: key,
// DiffID, digest and the checksum in hexadecimal digits. A run asks for a few of
// them, so lines are looked into when they are asked for.
type Memory struct {
	lines []string
	known map[string]string // lines by key
}

const (
	memoryHeader = "glue-connector layers 1"
	memoryLine   = "%s %s %s %08x\n"
	// lineLength tells a line that was cut: a part of a checksum would be another one.
	lineLength = 64 + 1 + len("sha256:") + 64 + 1 + len("sha256:") + 64 + 1 + 8 + 1
	// maxRemembered keeps the memory of a dozen large connectors below 300 kB.
	maxRemembered = 1000
	// MaxMemory is how long a memory may be, in bytes.
	MaxMemory = 1 << 20
)

// ReadMemory reads what [Hashed.Memory] wrote. Anything else is an empty memory.
func ReadMemory(b []byte) *Memory {
	m := &Memory{known: map[string]string{}}
	text, ok := strings.CutPrefix(string(b), memoryHeader+"\n")
	if !ok || len(b) > MaxMemory {
		return m
	}
	for line := range strings.Lines(text) {
		if key, _, ok := strings.Cut(line, " "); ok && len(line) == lineLength {
			m.lines = append(m.lines, line)
			m.known[key] = line
		}
	}
	return m
}

// recall fills in a layer's sums, if they are known.
func (m *Memory) recall(l *layer) bool {
	if m == nil || l.pack {
		return false
	}
	fields := strings.Fields(m.known[l.key()])
	if len(fields) != 4 {
		return false
	}
	diffID, err := v1.NewHash(fields[1])
	if err != nil {
		return false
	}
	digest, err := v1.NewHash(fields[2])
	if err != nil {
		return false
	}
	sum, err := strconv.ParseUint(fields[3], 16, 32)
	if err != nil {
		return false
	}
	l.diffID, l.digest, l.sum = diffID, digest, uint32(sum)
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
	var b bytes.Buffer
	fmt.Fprintln(&b, memoryHeader)
	n, fresh, seen := 0, false, map[string]bool{"": true}
	for _, l := range layers {
		if key := l.key(); !l.pack && l.before == key && !seen[key] {
			_, old := h.memory.known[key]
			fresh, seen[key] = fresh || !old, true
			fmt.Fprintf(&b, memoryLine, key, l.diffID, l.digest, l.sum)
			n++
		}
	}
	if !fresh {
		return nil
	}
	for _, line := range h.memory.lines {
		if key, _, _ := strings.Cut(line, " "); !seen[key] && n < maxRemembered {
			b.WriteString(line)
			n++
		}
	}
	return b.Bytes()
}
