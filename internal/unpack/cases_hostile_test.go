package unpack_test

import (
	"archive/tar"
	"bytes"

	"glue-connector/internal/unpack"
)

// linkCases are about links, devices and names that lead elsewhere.
var linkCases = []imageCase{
	{"dot dot", layers{layer(a, jar("jars/../../x.jar"), jar("../../jars/y.jar"), jar("c/../jars/z.jar"))}, strs{"jars/a.jar"}, codesOf{unpack.PathEscape}, ""},
	{"through a link to outside", layers{layer(soft("lib", "/nonexistent")), layer(a, jar("lib/x.jar"))}, strs{"jars/a.jar"}, codesOf{unpack.PathEscape}, ""},
	{"link in the tree", layers{layer(other, soft("jars/x.jar", "../opt/x"))}, strs{"jars/x.jar"}, codesOf{unpack.Link}, ""},
	{"link to a directory", layers{layer(a, other, soft("jars/d.jar", "../opt"))}, strs{"jars/a.jar"}, codesOf{unpack.Link}, ""},
	{"linked directory is not entered", layers{layer(a, jar("opt/z.jar"), soft("jars/e", "../opt"))}, strs{"jars/a.jar"}, codesOf{unpack.Link}, ""},
	{"jars is a link", layers{layer(soft("jars", "opt"), jar("opt/a.jar"))}, strs{"jars/a.jar"}, codesOf{unpack.Link}, ""},
	{"jars is a link to outside", layers{layer(soft("jars", "/nonexistent"), jar("opt/a.jar"))}, nil, codesOf{unpack.Link, unpack.NoJars}, ""},
	{"through a link", layers{layer(soft("jars", "opt"), dir("opt/", 0o755), a)}, strs{"jars/a.jar"}, codesOf{unpack.Link}, ""},
	{"through a link later", layers{layer(soft("jars", "opt"), dir("opt/", 0o755)), layer(a)}, strs{"jars/a.jar"}, codesOf{unpack.Link}, ""},
	{"through a dangling link", layers{layer(soft("jars", "opt")), layer(a)}, nil, codesOf{unpack.Link, unpack.NotUnpacked, unpack.NoJars}, ""},
	{"through a placeholder", layers{layer(dir("opt/", 0o755), soft("jars", "x/../opt"), a)}, nil, codesOf{unpack.Link, unpack.NotUnpacked, unpack.NoJars}, ""},
	{"directory over link", layers{layer(soft("jars", "opt"), dir("opt/", 0o755)), layer(dir("jars/", 0o755), a)}, strs{"jars/a.jar"}, codesOf{unpack.Link}, ""},
	{"link over full directory", layers{layer(a), layer(soft("jars", "opt"))}, strs{"jars/a.jar"}, codesOf{unpack.Link, unpack.NotUnpacked}, ""},
	{"link over file", layers{layer(a, soft("jars/b.jar", "c")), layer(soft("jars/a.jar", "/zz"), b)}, strs{"jars/a.jar", "jars/b.jar"}, codesOf{unpack.Link}, ""},
	{"link loop", layers{layer(soft("jars/a", "b"), soft("jars/b", "a"), jar("jars/a/x.jar"), soft("jars/l.jar", "l.jar"))}, strs{"jars/l.jar"}, codesOf{unpack.Link, unpack.NotUnpacked}, ""},
	{"hard links", layers{layer(a, hard("jars/b.jar", "jars/a.jar"), hard("jars/c.jar", "jars/none"), hard("jars/d.jar", "/jars/a.jar"), hard("jars/e.jar", "../../jars/a.jar"))},
		strs{"jars/a.jar", "jars/b.jar", "jars/d.jar", "jars/e.jar"}, codesOf{unpack.Link, unpack.NotUnpacked}, ""},
	{"hard link later", layers{layer(a, b), layer(hard("jars/b.jar", "jars/a.jar"), hard("jars/a.jar", "jars/a.jar"), hard("jars/c.jar", "jars"))},
		strs{"jars/a.jar", "jars/b.jar"}, codesOf{unpack.Link, unpack.NotUnpacked}, ""},
	{"hard link to nothing makes a directory", layers{layer(hard("jars/lib/d/x.jar", "none"), file("jars/lib", ""), jar("jars/lib/a.jar"))}, strs{"jars/lib/a.jar"}, codesOf{unpack.Link, unpack.NotUnpacked}, ""},
	{"hard link to a placeholder", layers{layer(soft("opt/l", "/zz"), hard("jars/b.jar", "opt/l"))}, strs{"jars/b.jar"}, codesOf{unpack.Link}, ""},
	{"fifo", layers{layer(device("jars/f.jar", tar.TypeFifo, 0))}, strs{"jars/f.jar"}, codesOf{unpack.SpecialFile}, ""},
	{"device over jar", layers{layer(a, b), layer(device("jars/a.jar", tar.TypeBlock, 8))}, strs{"jars/b.jar"}, codesOf{unpack.SpecialFile, unpack.NotUnpacked}, ""},
	{"noise of a base image", layers{layer(a, soft("bin", "usr/bin"), soft("etc/mtab", "/proc/mounts"), hard("opt/y", "opt/x"), device("dev/null", tar.TypeChar, 1), file("etc/.wh.x", ""))}, strs{"jars/a.jar"}, nil, ""},
}

var two = archive(a, file("jars/b.jar", string(bytes.Repeat([]byte("B"), 2000))))

// tarCases are archives that tar reads in part.
var tarCases = []imageCase{
	{"empty blob", layers{{}, layer(a)}, strs{"jars/a.jar"}, codesOf{unpack.LayerBadTar}, ""},
	{"empty archive", layers{zipped(make([]byte, 1024)), layer(a)}, strs{"jars/a.jar"}, nil, ""},
	{"one zero block", layers{zipped(make([]byte, 512))}, nil, codesOf{unpack.NoJars}, ""},
	{"one zero", layers{zipped([]byte{0})}, nil, codesOf{unpack.LayerBadTar, unpack.NoJars}, ""},
	{"no tar", layers{zipped([]byte("hello")), layer(a)}, strs{"jars/a.jar"}, codesOf{unpack.LayerBadTar}, ""},
	{"no tar at length", layers{zipped(bytes.Repeat([]byte("hello"), 999))}, nil, codesOf{unpack.LayerBadTar, unpack.NoJars}, ""},
	{"cut in content", layers{zipped(two[:2048])}, strs{"jars/a.jar", "jars/b.jar"}, codesOf{unpack.LayerBadTar}, ""},
	{"cut in header", layers{zipped(two[:1224])}, strs{"jars/a.jar"}, codesOf{unpack.LayerBadTar}, ""},
	{"no end", layers{zipped(two[:1024])}, strs{"jars/a.jar"}, nil, ""},
	{"rubbish in between", layers{zipped(concat(two[:1024], bytes.Repeat([]byte{0xff}, 1536), two[1024:]))}, strs{"jars/a.jar", "jars/b.jar"}, codesOf{unpack.LayerBadTar}, ""},
	{"rubbish first", layers{zipped(concat(bytes.Repeat([]byte{0xff}, 512), two))}, strs{"jars/a.jar", "jars/b.jar"}, codesOf{unpack.LayerBadTar}, ""},
	{"zero block in between", layers{zipped(concat(two[:1024], make([]byte, 512), two[1024:]))}, strs{"jars/a.jar"}, nil, ""},
	{"two archives", layers{zipped(concat(archive(a), archive(b)))}, strs{"jars/a.jar"}, nil, ""},
}
