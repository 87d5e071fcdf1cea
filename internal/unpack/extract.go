package unpack

import (
	"archive/tar"
	"fmt"
	"strings"
)

// umask is that of Glue's user, as far as anybody knows. It takes nothing from
// an owner, so nothing here depends on it.
const umask = 0o022

// extraction is one run of tar over one layer.
type extraction struct {
	*replay
	layer   int
	delayed []delayedMode
	links   []*node // placeholders
}

// delayedMode is a directory whose permissions tar sets later: when it meets a
// member that is not below the directory, by its name as written, or at the end
// if a placeholder lies in it.
type delayedMode struct {
	name string
	node *node
	// mode is asIs if tar created the directory with its final mode.
	mode       int64
	afterLinks bool
}

const asIs = -1

// member unpacks one member but for its content, for which it returns the file.
func (x *extraction) member(h *tar.Header) (*node, error) {
	name := strings.TrimLeft(h.Name, "/")
	if hasDotDot(name) {
		x.report(PathEscape, h.Name, `The name has ".." in it, and tar skips such members.`,
			fmt.Sprintf("tar: %s: Member name contains '..'", quote(h.Name)))
		return nil, nil
	}
	trailingSlash := strings.HasSuffix(name, "/")
	name = strings.TrimRight(name, "/")
	if name == "" {
		name = "."
	}
	x.applyModes(name, false)
	x.flag(h, name)

	switch h.Typeflag {
	case tar.TypeDir:
		return nil, x.failed(name, "mkdir", x.directory(name, h.Mode))
	case tar.TypeLink:
		return nil, x.failed(name, "hard link", x.hardLink(name, h.Linkname))
	case tar.TypeSymlink:
		return nil, x.failed(name, "create symlink", x.symlink(name, h.Linkname))
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		return nil, x.failed(name, "mknod", x.special(name, h))
	case tar.TypeXGlobalHeader, 'V', 'M':
		return nil, nil // neither creates anything
	case 'D':
		trailingSlash = true // a directory's listing, in incremental archives
	}
	// An old tar marks directories by the slash only.
	if trailingSlash {
		return nil, x.failed(name, "mkdir", x.directory(name, h.Mode))
	}
	n := &node{kind: file, mode: h.Mode & 0o777 &^ umask, layer: x.layer}
	if err := x.put(name, n); err != nil {
		return nil, x.failed(name, "open", err)
	}
	return n, nil
}

func hasDotDot(name string) bool {
	for _, p := range strings.Split(name, "/") {
		if p == ".." {
			return true
		}
	}
	return false
}

func (x *extraction) put(name string, n *node) error {
	at, err := x.tree.find(name, false, x.mkdir)
	if err != nil {
		return err
	}
	return x.tree.insert(at, n)
}

// mkdir creates a directory that no member announced.
func (x *extraction) mkdir(at place, prefix string) error {
	if err := x.count(); err != nil {
		return err
	}
	n := &node{mode: 0o777 &^ umask, layer: x.layer}
	if err := x.tree.insert(at, n); err != nil {
		return err
	}
	x.delayed = append(x.delayed, delayedMode{name: prefix, node: n, mode: asIs})
	return nil
}

func (x *extraction) directory(name string, mode int64) error {
	at, err := x.tree.find(name, false, x.mkdir)
	if err != nil {
		return err
	}
	mode = mode & 0o777 &^ umask
	n := at.node
	if n == nil || n.kind != directory {
		// Its owner may do everything in it until the mode is applied.
		n = &node{mode: mode | 0o700, layer: x.layer}
		if err := x.tree.insert(at, n); err != nil {
			return err
		}
		if mode == n.mode {
			mode = asIs
		}
	}
	x.delayed = append(x.delayed, delayedMode{name: name, node: n, mode: mode})
	return nil
}

// hardLink looks up its target as it does its name: in the tree, whatever it
// starts with.
func (x *extraction) hardLink(name, target string) error {
	if i := strings.LastIndex("/"+target+"/", "/../"); i >= 0 {
		target = target[min(i+3, len(target)):]
	}
	from, err := x.tree.find(strings.TrimLeft(target, "/"), false, nil)
	if err != nil && err != errNoEntry {
		return err
	}
	// For a lack of either name tar creates the directories above the new one.
	at, err := x.tree.find(name, false, x.mkdir)
	switch {
	case err != nil:
		return err
	case from.node == nil:
		// The kernel looks at the target first, so nothing makes way for the link.
		return errNoEntry
	case from.node == at.node:
		return nil
	case at.node != nil:
		if err := x.tree.clear(at); err != nil {
			return err
		}
		at.node = nil
	}
	if from.node.kind == directory {
		return errNotPermitted
	}
	return x.tree.insert(at, from.node)
}

func (x *extraction) symlink(name, target string) error {
	n := &node{kind: symlink, mode: 0o777, layer: x.layer, target: target}
	switch {
	case target == "":
		return errNoEntry
	case len(target) >= pathMax:
		return errNameTooLong
	}
	n.placeholder = strings.HasPrefix(target, "/") || hasDotDot(target)
	if err := x.put(name, n); err != nil {
		return err
	}
	if n.placeholder {
		x.links = append(x.links, n)
		x.keepModes(name)
	}
	return nil
}

// special creates a fifo, and of the devices only the one that Linux gives to
// everybody: 0, 0, which overlayfs uses for whiteouts.
func (x *extraction) special(name string, h *tar.Header) error {
	at, err := x.tree.find(name, false, x.mkdir)
	if err != nil {
		return err
	}
	allowed := h.Typeflag == tar.TypeFifo || h.Typeflag == tar.TypeChar && h.Devmajor == 0 && h.Devminor == 0
	if !allowed {
		// The old file is gone by the time the device is refused.
		if err := x.tree.clear(at); err != nil {
			return err
		}
		return errNotPermitted
	}
	return x.tree.insert(at, &node{kind: special, mode: h.Mode & 0o777 &^ umask, layer: x.layer})
}

// applyModes sets the delayed permissions from the newest on, up to a directory
// above the member. "." is above everything.
func (x *extraction) applyModes(member string, afterLinks bool) {
	for len(x.delayed) > 0 {
		d := x.delayed[len(x.delayed)-1]
		above := member != "" && (d.name == "." && member != "." || strings.HasPrefix(member, d.name+"/"))
		if above || d.afterLinks && !afterLinks {
			return
		}
		x.delayed = x.delayed[:len(x.delayed)-1]
		if d.mode != asIs {
			d.node.mode = d.mode
		}
	}
}

// keepModes holds back the permissions around a placeholder until it is replaced.
func (x *extraction) keepModes(link string) {
	for i := len(x.delayed) - 1; i >= 0; i-- {
		if x.delayed[i].afterLinks || x.delayed[i].name+"/" != link[:strings.LastIndexByte(link, '/')+1] {
			continue
		}
		for ; i >= 0 && !x.delayed[i].afterLinks; i-- {
			x.delayed[i].afterLinks = true
		}
		return
	}
}

// finish is what tar does after the last member, whether or not it is the last
// by rights.
func (x *extraction) finish() {
	x.applyModes("", false)
	for _, n := range x.links {
		n.placeholder = false
	}
	x.applyModes("", true)
}
