package unpack_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"slices"
	"strings"

	"glue-connector/internal/unpack"
)

// imageCase is an image with what a job gets from it. The oracle test holds
// the jars, and the log of a launch error, against GNU tar and Python.
type imageCase struct {
	name   string
	layers [][]byte
	jars   []string
	codes  []unpack.Code
	log    string // of the last problem, if it stops the job
}

type (
	layers  = [][]byte
	strs    = []string
	codesOf = []unpack.Code
)

var (
	a     = jar("jars/a.jar")
	b     = jar("jars/b.jar")
	other = file("opt/x", "x")
)

func concat(parts ...[]byte) []byte { return slices.Concat(parts...) }

// tableCases are the rows of table 3.1 of the contract and rules G2 to G6, as
// they were measured with GNU tar 1.34.
var tableCases = []imageCase{
	{"plain name", layers{layer(a)}, strs{"jars/a.jar"}, nil, ""},
	{"dot slash", layers{layer(jar("./jars/a.jar"))}, strs{"jars/a.jar"}, nil, ""},
	{"absolute", layers{layer(jar("/jars/a.jar"))}, strs{"jars/a.jar"}, nil, ""},
	{"slashes and dots", layers{layer(jar("//jars/./lib//c.jar"))}, strs{"jars/lib/c.jar"}, nil, ""},
	{"with directory", layers{layer(dir("jars/", 0o755), a)}, strs{"jars/a.jar"}, nil, ""},
	{"nested", layers{layer(jar("jars/lib/a.jar"))}, strs{"jars/lib/a.jar"}, nil, ""},
	{"elsewhere", layers{layer(jar("opt/jars/a.jar"))}, nil, codesOf{unpack.NoJars}, ""},
	{"upper case", layers{layer(jar("jars/A.JAR"))}, nil, codesOf{unpack.JarUpperCase, unpack.NoJars}, ""},
	{"odd endings", layers{layer(jar("jars/.jar"), jar("jars/a.jar "), jar("jars/a.jar."))}, strs{"jars/.jar"}, nil, ""},
	{"comma", layers{layer(jar("jars/a,b.jar"))}, strs{"jars/a,b.jar"}, codesOf{unpack.JarComma}, ""},
	{"comma in directory", layers{layer(jar("jars/a,b/c.jar"))}, strs{"jars/a,b/c.jar"}, codesOf{unpack.JarComma}, ""},
	{"two layers", layers{layer(a), layer(b)}, strs{"jars/a.jar", "jars/b.jar"}, nil, ""},
	{"same layer twice", layers{layer(a), layer(a)}, strs{"jars/a.jar"}, nil, ""},
	{"0555 then later layer", layers{layer(dir("jars/", 0o555), a), layer(b)}, strs{"jars/a.jar"}, codesOf{unpack.UnreadableDirectory}, ""},
	{"whiteout", layers{layer(a), layer(jar("jars/.wh.a.jar"))}, strs{"jars/.wh.a.jar", "jars/a.jar"}, codesOf{unpack.Whiteout}, ""},
	{"opaque whiteout", layers{layer(a), layer(file("jars/.wh..wh..opq", ""))}, strs{"jars/a.jar"}, codesOf{unpack.Whiteout}, ""},
	{"whiteout of jars", layers{layer(a), layer(file(".wh.jars", ""))}, strs{"jars/a.jar"}, codesOf{unpack.Whiteout}, ""},
	{"dangling link", layers{layer(soft("jars/a.jar", "/opt/a.jar"))}, strs{"jars/a.jar"}, codesOf{unpack.Link}, ""},
	{"level 0", layers{zippedAt(gzip.NoCompression, archive(a))}, strs{"jars/a.jar"}, nil, ""},
	{"multi-member", layers{concat(zipped(archive(a)[:700]), zipped(archive(a)[700:]))}, strs{"jars/a.jar"}, nil, ""},
	{"zero padding", layers{concat(layer(a), make([]byte, 99))}, strs{"jars/a.jar"}, nil, ""},
	{"padding between members", layers{concat(zipped(archive(a)[:700]), make([]byte, 9), zipped(archive(a)[700:]))}, strs{"jars/a.jar"}, nil, ""},
	{"no compression", layers{archive(a)}, nil, codesOf{unpack.LayerNotGzip}, "gzip.BadGzipFile: Not a gzipped file (b'ja')"},
	{"zstd", layers{layer(a), []byte("\x28\xb5\x2f\xfd\x04\x00")}, nil, codesOf{unpack.LayerNotGzip}, `gzip.BadGzipFile: Not a gzipped file (b'(\xb5')`},
	{"trailing rubbish", layers{concat(layer(a), []byte("x"))}, nil, codesOf{unpack.LayerCorrupt}, "gzip.BadGzipFile: Not a gzipped file (b'x')"},
	{"bad method", layers{[]byte("\x1f\x8b\x07\x00\x00\x00\x00\x00\x00\x00")}, nil, codesOf{unpack.LayerCorrupt}, "gzip.BadGzipFile: Unknown compression method"},
	{"bad checksum", layers{flip(layer(a), -8)}, nil, codesOf{unpack.LayerCorrupt}, "gzip.BadGzipFile: CRC check failed"},
	{"bad length", layers{flip(layer(a), -4)}, nil, codesOf{unpack.LayerCorrupt}, "gzip.BadGzipFile: Incorrect length of data produced"},
	{"bad data", layers{concat([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"), bytes.Repeat([]byte{0xff}, 20))}, nil, codesOf{unpack.LayerCorrupt}, "zlib.error: Error -3 while decompressing data"},
	{"truncated", layers{layer(a)[:60]}, nil, codesOf{unpack.LayerTruncated}, "EOFError: Compressed file ended before the end-of-stream marker was reached"},
	{"truncated header", layers{layer(a)[:7]}, nil, codesOf{unpack.LayerTruncated}, "EOFError: Compressed file ended before the end-of-stream marker was reached"},
	{"truncated trailer", layers{cut(layer(a), 3)}, nil, codesOf{unpack.LayerTruncated}, "EOFError: Compressed file ended before the end-of-stream marker was reached"},
	{"header options", layers{concat([]byte("\x1f\x8b\x08\x1e\x00\x00\x00\x00\x00\xff\x02\x00ab"+strings.Repeat("n", 999)+"\x00c\x00hh"), layer(a)[10:])}, strs{"jars/a.jar"}, nil, ""},
}

// modeCases pin how permissions and file kinds meet.
var modeCases = []imageCase{
	{"0555 in one archive", layers{layer(dir("jars/", 0o555), a, b)}, strs{"jars/a.jar", "jars/b.jar"}, nil, ""},
	{"0555 left and entered again", layers{layer(dir("jars/", 0o555), a, other, b)}, strs{"jars/a.jar"}, codesOf{unpack.UnreadableDirectory}, ""},
	{"0555 then other spelling", layers{layer(dir("./jars/", 0o555), a)}, nil, codesOf{unpack.UnreadableDirectory, unpack.NoJars}, ""},
	{"0555 and a later file of that name", layers{layer(dir("jars/", 0o555), a), layer(file("jars/a.jar", "new"))}, strs{"jars/a.jar"}, codesOf{unpack.UnreadableDirectory}, ""},
	{"0555 then 0755 then file", layers{layer(dir("jars/", 0o555), a), layer(dir("jars/", 0o755)), layer(b)}, strs{"jars/a.jar", "jars/b.jar"}, nil, ""},
	{"0755 declared too late", layers{layer(dir("jars/", 0o555), a), layer(dir("jars/", 0o755), b)}, strs{"jars/a.jar"}, codesOf{unpack.UnreadableDirectory}, ""},
	{"0755 then 0555 then file", layers{layer(dir("jars/", 0o755), a), layer(dir("jars/", 0o555)), layer(b)}, strs{"jars/a.jar"}, codesOf{unpack.UnreadableDirectory}, ""},
	{"implied then 0555", layers{layer(a, dir("jars/", 0o555), b, other, jar("jars/c.jar"))}, strs{"jars/a.jar", "jars/b.jar"}, codesOf{unpack.UnreadableDirectory}, ""},
	{"0555 below", layers{layer(dir("jars/lib/", 0o555), jar("jars/lib/a.jar"), b, jar("jars/lib/c.jar"))}, strs{"jars/b.jar", "jars/lib/a.jar"}, codesOf{unpack.UnreadableDirectory}, ""},
	{"implied below 0555", layers{layer(dir("jars/", 0o555), jar("jars/lib/a.jar")), layer(jar("jars/lib/b.jar"))}, strs{"jars/lib/a.jar", "jars/lib/b.jar"}, nil, ""},
	{"0555 held by a link", layers{layer(dir("jars/", 0o555), soft("jars/l.jar", "/x"), other, b)}, strs{"jars/b.jar", "jars/l.jar"}, codesOf{unpack.Link}, ""},
	{"0555 not held by a near link", layers{layer(dir("jars/", 0o555), soft("jars/l.jar", "x"), other, b)}, strs{"jars/l.jar"}, codesOf{unpack.Link, unpack.UnreadableDirectory}, ""},
	{"root 0555", layers{layer(dir("./", 0o555), a), layer(b, jar("x/b.jar"))}, strs{"jars/a.jar", "jars/b.jar"}, nil, ""},
	{"root 0555 before jars", layers{layer(dir("./", 0o555), other), layer(a)}, nil, codesOf{unpack.UnreadableDirectory, unpack.NoJars}, ""},
	{"root 0311", layers{layer(dir("./", 0o311), a), layer(b)}, strs{"jars/a.jar"}, codesOf{unpack.UnreadableDirectory}, ""},
	{"0755 before a link, 0444 after", layers{layer(soft("jars/lib/l", "../opt"), other, dir("jars/", 0o444)), layer(b)}, nil, codesOf{unpack.Link, unpack.UnreadableDirectory, unpack.NoJars}, ""},
	{"directory 0444", layers{layer(dir("jars/", 0o444), a, jar("jars/d/b.jar"))}, strs{"jars/a.jar"}, codesOf{unpack.UnreadableDirectory}, ""},
	{"directory 0311", layers{layer(dir("jars/lib/", 0o311), jar("jars/lib/a.jar"), b)}, strs{"jars/b.jar"}, codesOf{unpack.UnreadableDirectory}, ""},
	{"file 0000", layers{layer(tar.Header{Typeflag: tar.TypeReg, Name: "jars/a.jar"})}, strs{"jars/a.jar"}, codesOf{unpack.UnreadableJar}, ""},
	{"file over empty directory", layers{layer(dir("jars/x.jar", 0o755)), layer(jar("jars/x.jar"))}, strs{"jars/x.jar"}, nil, ""},
	{"file over full directory", layers{layer(jar("jars/x.jar/a.jar")), layer(jar("jars/x.jar"))}, strs{"jars/x.jar/a.jar"}, codesOf{unpack.NotUnpacked}, ""},
	{"directory over file", layers{layer(a, jar("jars/x.jar")), layer(dir("jars/x.jar", 0o755))}, strs{"jars/a.jar"}, nil, ""},
	{"below a file", layers{layer(file("jars", "")), layer(a)}, nil, codesOf{unpack.NotUnpacked, unpack.NoJars}, ""},
	{"long name", layers{layer(jar("jars/" + strings.Repeat("a", 260) + ".jar"))}, nil, codesOf{unpack.NotUnpacked, unpack.NoJars}, ""},
	{"long path", layers{layer(jar("jars/" + strings.Repeat("a/", 2100) + "a.jar"))}, nil, codesOf{unpack.NotUnpacked, unpack.NoJars}, ""},
}

func flip(data []byte, at int) []byte {
	data = slices.Clone(data)
	data[len(data)+at] ^= 0xff
	return data
}

func cut(data []byte, n int) []byte { return data[:len(data)-n] }
