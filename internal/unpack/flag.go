package unpack

import (
	"archive/tar"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// concernsJars is true for jars and what lies below. Elsewhere an image may
// hold an operating system with links, devices and whiteouts that Glue never
// looks at.
func concernsJars(name string) bool {
	name = path.Clean(name)
	return name == "jars" || strings.HasPrefix(name, "jars/")
}

// flag reports members that are trouble even if tar creates them.
func (x *extraction) flag(h *tar.Header, name string) {
	base := path.Base(name)
	if hidden, ok := strings.CutPrefix(base, ".wh."); ok {
		victim := path.Join(path.Dir(path.Clean(name)), hidden)
		if concernsJars(name) || concernsJars(victim) || path.Clean(name) == ".wh..wh..opq" {
			x.report(Whiteout, h.Name, "Glue does not delete anything for a whiteout, but unpacks it as a file.", "")
		}
	}
	if !concernsJars(name) {
		return
	}
	switch h.Typeflag {
	case tar.TypeSymlink:
		x.report(Link, h.Name, fmt.Sprintf("The symbolic link to %q may lead nowhere in the job.", clip(h.Linkname)), "")
	case tar.TypeLink:
		x.report(Link, h.Name, fmt.Sprintf("The hard link to %q depends on the order of members and layers.", clip(h.Linkname)), "")
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		x.report(SpecialFile, h.Name, "A device or a fifo is no jar, and most cannot be created in the job.", "")
	}
}

// failed reports what tar could not create, and goes on as tar does. It returns
// an error only at a limit.
func (x *extraction) failed(name, call string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errFull):
		return err
	case errors.Is(err, errOutside):
		x.report(PathEscape, name, "The member would be written through a link that leads out of the image.", "")
		return nil
	case !concernsJars(name):
		return nil
	}
	log := fmt.Sprintf("tar: %s: Cannot %s: %s", quote(name), call, err)
	if errors.Is(err, errDenied) || errors.Is(err, errKept) {
		x.report(UnreadableDirectory, name, "An earlier member gave a directory above it a mode without write or search permission, so it is not unpacked; use 0755.", log)
		return nil
	}
	x.report(NotUnpacked, name, fmt.Sprintf("Glue's tar cannot create it (%s), so it is not unpacked.", strings.ToLower(err.Error())), log)
	return nil
}

func (x *extraction) report(code Code, entry, detail, log string) {
	x.add(Problem{Code: code, Layer: x.result.Layers[x.layer].Digest, Entry: clip(entry), Detail: detail, Log: log})
}

// quote has a name on one line, much as tar prints it.
func quote(name string) string {
	quoted := strconv.Quote(clip(name))
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
