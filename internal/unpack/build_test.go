package unpack_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"slices"
	"testing"

	"glue-connector/internal/unpack"
)

const (
	dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
	dockerLayer    = "application/vnd.docker.image.rootfs.diff.tar.gzip"
	ociManifest    = "application/vnd.oci.image.manifest.v1+json"
	ociLayer       = "application/vnd.oci.image.layer.v1.tar+gzip"
)

func file(name, content string) tar.Header {
	return tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(content)),
		PAXRecords: map[string]string{"TEST.content": content}}
}

func jar(name string) tar.Header { return file(name, "content of "+name) }

func dir(name string, mode int64) tar.Header {
	return tar.Header{Typeflag: tar.TypeDir, Name: name, Mode: mode}
}

func soft(name, target string) tar.Header {
	return tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target, Mode: 0o777}
}

func hard(name, target string) tar.Header {
	return tar.Header{Typeflag: tar.TypeLink, Name: name, Linkname: target, Mode: 0o644}
}

func device(name string, flag byte, major int64) tar.Header {
	return tar.Header{Typeflag: flag, Name: name, Mode: 0o644, Devmajor: major}
}

// archive writes members; the content of a file rides in its records.
func archive(members ...tar.Header) []byte {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, h := range members {
		content := h.PAXRecords["TEST.content"]
		h.PAXRecords, h.Format = nil, tar.FormatGNU
		must(w.WriteHeader(&h))
		_, err := io.WriteString(w, content)
		must(err)
	}
	must(w.Close())
	return out.Bytes()
}

func zipped(data []byte) []byte { return zippedAt(gzip.DefaultCompression, data) }

func zippedAt(level int, data []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, level)
	must(err)
	_, err = w.Write(data)
	must(err)
	must(w.Close())
	return out.Bytes()
}

func layer(members ...tar.Header) []byte { return zipped(archive(members...)) }

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

type descriptor struct {
	MediaType string   `json:"mediaType,omitempty"`
	Digest    string   `json:"digest"`
	Size      int      `json:"size"`
	URLs      []string `json:"urls,omitempty"`
}

type manifest struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType,omitempty"`
	Layers        []descriptor `json:"layers"`
}

// image is a manifest with the blobs behind it.
func image(blobs ...[]byte) ([]byte, unpack.Fetch) {
	m := manifest{2, dockerManifest, nil}
	byDigest := map[string][]byte{}
	for _, blob := range blobs {
		m.Layers = append(m.Layers, descriptor{MediaType: dockerLayer, Digest: digestOf(blob), Size: len(blob)})
		byDigest[digestOf(blob)] = blob
	}
	return encode(m), fetchFrom(byDigest)
}

func fetchFrom(blobs map[string][]byte) unpack.Fetch {
	return func(_ context.Context, digest string) (io.ReadCloser, error) {
		blob, ok := blobs[digest]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(bytes.NewReader(blob)), nil
	}
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	must(err)
	return raw
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func replay(t testing.TB, blobs ...[]byte) *unpack.Result {
	t.Helper()
	raw, fetch := image(blobs...)
	result, err := unpack.Replay(t.Context(), raw, fetch, unpack.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func paths(r *unpack.Result) []string {
	var all []string
	for _, jar := range r.Jars {
		all = append(all, jar.Path)
	}
	return all
}

// codes are those of the problems, each once, in order of discovery.
func codes(problems []unpack.Problem) []unpack.Code {
	var all []unpack.Code
	for _, p := range problems {
		if !slices.Contains(all, p.Code) {
			all = append(all, p.Code)
		}
	}
	return all
}
