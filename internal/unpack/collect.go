package unpack

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// noJarsLog has stand-ins for what only a job knows.
const noJarsLog = "found no connector jars from <CONNECTOR_URL> provided by <connection>, please contact AWS support of the Connector product owner to debug the issue."

// collect walks jars as Python's os.walk does: it follows a link at the top but
// none below, and passes over what it cannot list (G5).
func (r *replay) collect() {
	top, err := r.tree.find("jars", true, nil)
	if err == nil && top.node != nil && top.node.kind == directory {
		r.walk("jars", top.node)
	}
	slices.SortFunc(r.result.Jars, func(a, b Jar) int { return cmp.Compare(a.Path, b.Path) })
	if len(r.result.Jars) > 0 {
		return
	}
	problem := Problem{Code: NoJars, Detail: "The image has no file below /jars whose name ends in .jar.",
		Log: noJarsLog}
	if elsewhere := firstJar("", r.tree.root); elsewhere != "" {
		problem.Entry = elsewhere
		problem.Detail = fmt.Sprintf("The image has no file below /jars whose name ends in .jar; there is %q, which Glue does not look at.", elsewhere)
	}
	r.add(problem)
}

func (r *replay) walk(dir string, n *node) {
	if len(dir) >= pathMax || len(n.children) == 0 {
		return
	}
	if !n.readable() || !n.searchable() {
		r.add(Problem{Code: UnreadableDirectory, Layer: r.digest(n), Entry: dir,
			Detail: fmt.Sprintf("The directory has the mode %#o, so the job cannot read what is in it; use 0755.", n.mode)})
	}
	if !n.readable() {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(n.children)) {
		child, full := n.children[name], dir+"/"+name
		if child.kind == directory {
			if n.searchable() {
				r.walk(full, child)
			}
			continue
		}
		r.candidate(full, child)
	}
}

// candidate is anything that os.walk does not take for a directory.
func (r *replay) candidate(full string, n *node) {
	if !strings.HasSuffix(full, ".jar") {
		if strings.EqualFold(path.Ext(full), ".jar") {
			r.add(Problem{Code: JarUpperCase, Layer: r.digest(n), Entry: full,
				Detail: "Glue ignores the file, because its name does not end in .jar in lower case."})
		}
		return
	}
	jar := Jar{Path: full, Layer: r.digest(n)}
	behind := n
	if n.kind == symlink {
		at, err := r.tree.find(full, true, nil)
		if err == nil && at.node != nil && at.node.kind == directory {
			return
		}
		behind = at.node
	}
	if behind != nil && behind.kind == file {
		jar.Size = behind.size
		if behind.sum != nil {
			jar.SHA256 = hex.EncodeToString(behind.sum[:])
		}
		if !behind.readable() {
			r.add(Problem{Code: UnreadableJar, Layer: jar.Layer, Entry: full,
				Detail: fmt.Sprintf("The jar has the mode %#o, so the job cannot read it; use 0644.", behind.mode)})
		}
	}
	if strings.Contains(full, ",") {
		r.add(Problem{Code: JarComma, Layer: jar.Layer, Entry: full,
			Detail: "Glue joins the paths with commas, so this one reaches the job in pieces."})
	}
	r.result.Jars = append(r.result.Jars, jar)
}

// firstJar is the first jar anywhere in the tree, to explain why Glue finds none.
func firstJar(dir string, n *node) string {
	if len(dir) >= pathMax {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(n.children)) {
		child, full := n.children[name], path.Join(dir, name)
		if child.kind == file && strings.HasSuffix(name, ".jar") {
			return full
		}
		if found := firstJar(full, child); found != "" {
			return found
		}
	}
	return ""
}

func (r *replay) digest(n *node) string { return r.result.Layers[n.layer].Digest }
