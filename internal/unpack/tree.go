//lint:file-ignore ST1005 the texts are those of the system calls that tar makes

package unpack

import (
	"errors"
	"strings"
)

// The reasons for which a system call of tar fails, in the words of its messages.
var (
	errNoEntry      = errors.New("No such file or directory")
	errNotDirectory = errors.New("Not a directory")
	errDenied       = errors.New("Permission denied")
	errExists       = errors.New("File exists")
	// errKept is the same to tar: the old file cannot be removed for lack of permission.
	errKept         = errors.New("File exists")
	errLoop         = errors.New("Too many levels of symbolic links")
	errNameTooLong  = errors.New("File name too long")
	errNotPermitted = errors.New("Operation not permitted")
	// errOutside is ours: what is there on Glue's disk is unknown.
	errOutside = errors.New("leads out of the image")
	// errFull is ours: a limit is reached.
	errFull = errors.New("too many entries")
)

// What Linux allows (limits.h; path_resolution(7) for the links).
const (
	pathMax  = 4096
	nameMax  = 255
	linksMax = 40
)

type kind uint8

const (
	directory kind = iota
	file
	symlink
	special
)

// node is an inode: hard links share it.
type node struct {
	kind kind
	// placeholder is a symlink that tar creates at the end of the archive; until
	// then an empty file holds its place.
	placeholder bool
	mode        int64 // permission bits
	layer       int
	size        int64
	sum         *[32]byte // of a file that was read
	target      string
	children    map[string]*node
}

// The owner's bits are the only ones that count: Glue's user owns everything.
func (n *node) readable() bool   { return n.mode&0o400 != 0 }
func (n *node) searchable() bool { return n.mode&0o100 != 0 }
func (n *node) writable() bool   { return n.mode&0o300 == 0o300 }

// tree is the directory into which all layers are unpacked.
type tree struct {
	root *node
	// names counts the bytes of all names and link targets ever created.
	names int
}

// maxNames bounds the memory for names and link targets, in bytes; an operating
// system's image has about one megabyte.
const maxNames = 32 << 20

func newTree() *tree { return &tree{root: &node{mode: 0o755}} }

// part is one component of a path.
type part struct {
	name string
	// end is where it ends in the member's name, -1 if it comes from a link.
	end int
}

// components leaves out empty ones and ".".
func components(path string, member bool) []part {
	var parts []part
	for start := 0; start < len(path); {
		end := strings.IndexByte(path[start:], '/')
		if end < 0 {
			end = len(path)
		} else {
			end += start
		}
		if name := path[start:end]; name != "" && name != "." {
			p := part{name, -1}
			if member {
				p.end = end
			}
			parts = append(parts, p)
		}
		start = end + 1
	}
	return parts
}

// place is where a path leads: an entry of a directory, there or not. The root
// has no directory.
type place struct {
	dir  *node
	name string
	node *node
}

// find resolves a path as open(2) does. Through mkdir, if not nil, it creates
// the directories that the path itself lacks, as tar does; those that a
// dangling link would need stay missing. follow is for a link at the end.
func (t *tree) find(path string, follow bool, mkdir func(at place, prefix string) error) (place, error) {
	if len(path) >= pathMax {
		return place{}, errNameTooLong
	}
	pending := components(path, true)
	stack := []*node{t.root}
	for links := 0; len(pending) > 0; {
		here, next := stack[len(stack)-1], pending[0]
		pending = pending[1:]
		if !here.searchable() {
			return place{}, errDenied
		}
		if next.name == ".." {
			if len(stack) == 1 {
				return place{}, errOutside
			}
			stack = stack[:len(stack)-1]
			continue
		}
		at := place{here, next.name, here.children[next.name]}
		last := len(pending) == 0
		switch child := at.node; {
		case child != nil && child.kind == symlink && !child.placeholder && (!last || follow):
			if links++; links > linksMax {
				return place{}, errLoop
			}
			if strings.HasPrefix(child.target, "/") {
				return place{}, errOutside
			}
			pending = append(components(child.target, false), pending...)
		case last:
			return at, nil
		case child == nil && (mkdir == nil || next.end < 0):
			return place{}, errNoEntry
		case child == nil:
			if err := mkdir(at, path[:next.end]); err != nil {
				return place{}, err
			}
			stack = append(stack, here.children[next.name])
		case child.kind != directory:
			return place{}, errNotDirectory
		default:
			stack = append(stack, child)
		}
	}
	return place{name: ".", node: stack[len(stack)-1]}, nil
}

// insert puts a node at a place. What is there makes way as for tar: a file
// does, and a directory if it is empty.
func (t *tree) insert(at place, n *node) error {
	if err := t.clear(at); err != nil {
		return err
	}
	if len(at.name) > nameMax {
		return errNameTooLong
	}
	if !at.dir.writable() {
		return errDenied
	}
	if t.names += len(at.name) + len(n.target); t.names > maxNames {
		return errFull
	}
	if at.dir.children == nil {
		at.dir.children = make(map[string]*node)
	}
	at.dir.children[at.name] = n
	return nil
}

func (t *tree) clear(at place) error {
	if at.node == nil {
		return nil
	}
	if at.dir == nil || at.node.kind == directory && len(at.node.children) > 0 {
		return errExists
	}
	if !at.dir.writable() {
		return errKept
	}
	delete(at.dir.children, at.name)
	return nil
}
