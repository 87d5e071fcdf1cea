package unpack

// Code names a kind of problem.
type Code string

// Problems with the manifest and with the image as a whole.
const (
	// ManifestIndex is an OCI index or a manifest list, which has no layers (G1).
	ManifestIndex Code = "manifest-index"
	// ManifestSchema1 is a Docker schema 1 manifest, which has fsLayers instead (G1).
	ManifestSchema1 Code = "manifest-schema1"
	// ManifestMalformed is a manifest that makes Python raise on another ground (G1).
	ManifestMalformed Code = "manifest-malformed"
	// ManifestNoLayers is any other object without layers (G1).
	ManifestNoLayers Code = "manifest-no-layers"
	// MediaType is anything but Docker schema 2 with gzip. Glue reads no media
	// types (G2); what ECR answers for others without an Accept header (G1) is unproven.
	MediaType Code = "media-type"
	// ForeignLayer is a layer that its publisher keeps elsewhere. Glue asks the
	// registry for it all the same (G3).
	ForeignLayer Code = "foreign-layer"
	// TooManyLayers is more layers than Limits allow (G9); nothing was replayed.
	TooManyLayers Code = "too-many-layers"
	// TooLarge is an image that reaches a limit (G9); the replay stopped there.
	TooLarge Code = "too-large"
)

// Problems with a layer as a whole.
const (
	// LayerMissing is a blob that the registry does not have; the request raises (G3).
	LayerMissing Code = "layer-missing"
	// LayerNotGzip is a blob that does not start as gzip, such as zstd or a plain tar (G2).
	LayerNotGzip Code = "layer-not-gzip"
	// LayerCorrupt is gzip with a wrong checksum, bad data, or rubbish behind it (G2).
	LayerCorrupt Code = "layer-corrupt"
	// LayerTruncated is gzip that ends too early (G2).
	LayerTruncated Code = "layer-truncated"
	// LayerBadTar is content that tar cannot read in full; Glue goes on with
	// what tar got out of it (G3).
	LayerBadTar Code = "layer-bad-tar"
	// LayerDigestMismatch is a blob that is not what its digest says. Glue does
	// not look (G3), every other client refuses the image.
	LayerDigestMismatch Code = "layer-digest-mismatch"
)

// Problems with single members and paths. None of them stops the job.
const (
	// PathEscape is a member that points outside of the image: tar skips names
	// with "..", but not what goes through a link of an earlier layer (G3).
	PathEscape Code = "path-escape"
	// Whiteout is a deletion marker, which Glue unpacks as a file (G4).
	Whiteout Code = "whiteout"
	// Link is a symbolic or hard link at or below jars; the newest script
	// passes an option against links (G12).
	Link Code = "link"
	// SpecialFile is a device or a fifo at or below jars (G3).
	SpecialFile Code = "special-file"
	// UnreadableDirectory is a directory whose mode keeps its owner from adding
	// or finding a jar, such as 0555 with a jar in a later layer (G3).
	UnreadableDirectory Code = "unreadable-directory"
	// UnreadableJar is a jar whose mode keeps its owner from reading it (G5).
	UnreadableJar Code = "unreadable-jar"
	// NotUnpacked is a member at or below jars that tar cannot create, such as
	// a file in place of a full directory (G3).
	NotUnpacked Code = "not-unpacked"
	// NoJars is an image without any jar below /jars; the job starts and fails
	// later with ClassNotFoundException (G5).
	NoJars Code = "no-jars"
	// JarUpperCase is a name that ends in .jar only without regard to case (G5).
	JarUpperCase Code = "jar-upper-case"
	// JarComma is a path with a comma, which splits the job's class path (G6).
	JarComma Code = "jar-comma"
)

// Problems with CONNECTOR_URL.
const (
	// URLRegistry is a host that Glue's first pattern refuses (G7).
	URLRegistry Code = "url-registry"
	// URLImageName is a path that Glue's second pattern refuses (G8).
	URLImageName Code = "url-image-name"
	// URLDigest is a digest in place of the tag, which Glue takes for a tag (G8).
	URLDigest Code = "url-digest"
	// URLTag is a tag that no registry accepts, such as one with a fragment (G8).
	URLTag Code = "url-tag"
	// URLScheme is a scheme other than https, which Glue does not look at (G8).
	URLScheme Code = "url-scheme"
	// URLDropped is a query or parameters, which Glue drops (G8).
	URLDropped Code = "url-dropped"
)

// StopsJob reports whether the customer sees "LAUNCH ERROR | Glue ETL
// Marketplace - failed to download connector": the job does not start.
func (c Code) StopsJob() bool {
	switch c {
	case ManifestIndex, ManifestSchema1, ManifestMalformed, ManifestNoLayers,
		LayerMissing, LayerNotGzip, LayerCorrupt, LayerTruncated,
		URLRegistry, URLImageName, URLDigest, URLTag:
		return true
	}
	return false
}

// endsReplay reports whether nothing is known about the jars any more.
func (c Code) endsReplay() bool {
	return c.StopsJob() || c == TooLarge || c == TooManyLayers
}
