// Package unpack replays what an AWS Glue job does with a Marketplace
// connector: it reads CONNECTOR_URL, the manifest behind it and its layers as
// Glue's own unpacker does, and says which jars the job would get and what
// would go wrong.
//
// The contract is the behaviour of awsglue/scripts/activate_etl_connector.py in
// https://github.com/awslabs/aws-glue-libs (branches glue-3.0 to glue-5.1),
// Python's gzip module, and GNU tar 1.34 run by an ordinary user with umask 022.
// The rules are cited by number, G1 to G12, where they are obeyed.
//
// It promises to stay within Limits, whatever the image holds. It does no I/O
// of its own, writes no file, keeps no content, and runs no link or member
// outside its own tree. It does not judge the config, the platform or the
// classes in a jar. Names in a Result come from the image: whoever prints them
// escapes them.
package unpack

import (
	"context"
	"io"
)

// Fetch opens the blob with a digest, as the registry serves it. The bytes need
// not be verified: Replay does that. An error that wraps fs.ErrNotExist says
// that the registry has no such blob, which is a fault of the image; any other
// error ends the replay.
type Fetch func(ctx context.Context, digest string) (io.ReadCloser, error)

// Result is what became of one image.
type Result struct {
	// Layers are in manifest order.
	Layers []Layer
	// Jars are those that a Glue job would get, sorted by Path. The job has
	// them in directory order, which is not fixed (G5). There are none if the
	// job would not start, or if the replay stopped at a limit.
	Jars []Jar
	// Problems are in order of discovery, at most 20 of each code.
	Problems []Problem
	// Omitted counts the problems beyond that.
	Omitted int
}

// Layer is one layer as the manifest describes it, which need not be true.
type Layer struct {
	Digest    string
	MediaType string
	// Size is the compressed size in bytes, 0 if the manifest has none.
	Size int64
}

// Jar is one path that Glue puts on the class path.
type Jar struct {
	// Path is relative to the image's root: "jars/lib/a.jar".
	Path string
	// Size is in bytes, after links are followed; 0 if no file is there.
	Size int64
	// SHA256 is in hexadecimal, empty if no file is there.
	SHA256 string
	// Layer is the digest of the layer that created the file or symbolic link;
	// hard links have that of their file.
	Layer string
}

// Problem is one thing that would go wrong, or that nobody has proven to work.
type Problem struct {
	Code Code
	// Layer is the digest of the layer, empty if it is not about one.
	Layer string
	// Entry is the member's name in the layer, or a path in the unpacked tree.
	Entry string
	// Detail is one sentence for people.
	Detail string
	// Log is the line that the Glue job's log would show, empty if it is silent.
	Log string
}

// Limits bound a replay. A zero field stands for that of DefaultLimits.
type Limits struct {
	// Layers is the number of layers.
	Layers int
	// Entries is the number of tar members and implied directories, in all layers.
	Entries int
	// Bytes bounds three sums over all layers: compressed, decompressed, and
	// the content of files with their holes.
	Bytes int64
}

// DefaultLimits are the caps for an image pulled to be verified. 127 layers is
// also what Docker and ECR take.
var DefaultLimits = Limits{Layers: 127, Entries: 100_000, Bytes: 4 << 30}

// MaxManifest is the largest manifest that is read, in bytes. The
// distribution specification asks registries to take manifests up to this size.
const MaxManifest = 4 << 20

// maxPerCode keeps a hostile image from filling memory with problems.
const maxPerCode = 20

func (l Limits) orDefault() Limits {
	if l.Layers <= 0 {
		l.Layers = DefaultLimits.Layers
	}
	if l.Entries <= 0 {
		l.Entries = DefaultLimits.Entries
	}
	if l.Bytes <= 0 {
		l.Bytes = DefaultLimits.Bytes
	}
	return l
}
