package unpack_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/unpack"
)

func TestManifest(t *testing.T) {
	t.Parallel()
	d := digestOf(nil)
	good := fmt.Sprintf(`{"mediaType":%q,"digest":%q,"size":7}`, dockerLayer, d)
	docker := func(layers string) string {
		return fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"layers":%s}`, dockerManifest, layers)
	}
	oci := fmt.Sprintf(`{"mediaType":%q,"digest":%q}`, ociLayer, d)
	cases := []struct {
		name, raw string
		layers    int
		codes     []unpack.Code
		log       string
	}{
		{"docker", docker("[" + good + "]"), 1, nil, ""},
		{"oci", fmt.Sprintf(`{"mediaType":%q,"layers":[%s]}`, ociManifest, oci), 1, codesOf{unpack.MediaType}, ""},
		{"no media type", `{"layers":[` + good + `]}`, 1, codesOf{unpack.MediaType}, ""},
		{"oci layer in docker", docker("[" + oci + "]"), 1, codesOf{unpack.MediaType}, ""},
		{"zstd layer", docker(`[{"mediaType":"application/vnd.oci.image.layer.v1.tar+zstd","digest":"` + d + `"}]`), 1, codesOf{unpack.MediaType}, ""},
		{"foreign layer", docker(`[{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"` + d + `"}]`), 1, codesOf{unpack.ForeignLayer}, ""},
		{"layer with urls", docker(`[{"mediaType":"` + dockerLayer + `","digest":"` + d + `","urls":["https://x"]}]`), 1, codesOf{unpack.ForeignLayer}, ""},
		{"index", `{"schemaVersion":2,"manifests":[]}`, 0, codesOf{unpack.ManifestIndex}, "KeyError: 'layers'"},
		{"index with layers", `{"mediaType":"` + dockerManifest + `","manifests":[],"layers":[` + good + `]}`, 1, nil, ""},
		{"schema 1", `{"schemaVersion":1,"fsLayers":[]}`, 0, codesOf{unpack.ManifestSchema1}, "KeyError: 'layers'"},
		{"no layers", `{}`, 0, codesOf{unpack.ManifestNoLayers}, "KeyError: 'layers'"},
		{"other case", `{"Layers":[` + good + `]}`, 0, codesOf{unpack.ManifestNoLayers}, "KeyError: 'layers'"},
		{"empty layers", docker("[]"), 0, codesOf{unpack.NoJars}, "found no connector jars"},
		{"last of repeated names", `{"layers":[],"mediaType":"` + dockerManifest + `","layers":[` + good + `]}`, 1, nil, ""},
		{"null", `null`, 0, codesOf{unpack.ManifestMalformed}, "TypeError"},
		{"list", `[]`, 0, codesOf{unpack.ManifestMalformed}, "TypeError"},
		{"empty", ``, 0, codesOf{unpack.ManifestMalformed}, "requests.exceptions.JSONDecodeError"},
		{"trailing data", docker("[]") + "x", 0, codesOf{unpack.ManifestMalformed}, "requests.exceptions.JSONDecodeError"},
		{"layers null", docker("null"), 0, codesOf{unpack.ManifestMalformed}, "TypeError"},
		{"layers object", docker("{}"), 0, codesOf{unpack.ManifestMalformed}, "TypeError"},
		{"layer null", docker("[" + good + ",null]"), 1, codesOf{unpack.ManifestMalformed}, "TypeError"},
		{"layer without digest", docker(`[{}]`), 0, codesOf{unpack.ManifestMalformed}, "KeyError: 'digest'"},
		{"layer with Digest", docker(`[{"Digest":"` + d + `"}]`), 0, codesOf{unpack.ManifestMalformed}, "KeyError: 'digest'"},
		{"digest with a path", docker(`[{"digest":"sha256:../../x"}]`), 0, codesOf{unpack.ManifestMalformed}, ""},
		{"digest is a number", docker(`[{"digest":1}]`), 0, codesOf{unpack.ManifestMalformed}, ""},
		{"5 MiB", strings.Repeat(" ", 5<<20), 0, codesOf{unpack.TooLarge}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			layers, problems := unpack.Manifest([]byte(c.raw))
			if len(layers) != c.layers {
				t.Errorf("%d layers, want %d", len(layers), c.layers)
			}
			if diff := cmp.Diff(c.codes, codes(problems)); diff != "" {
				t.Errorf("codes (-want +got):\n%s", diff)
			}
			if len(problems) > 0 && !strings.HasPrefix(problems[0].Log, c.log) {
				t.Errorf("log %q, want %q", problems[0].Log, c.log)
			}
			r, err := unpack.Replay(t.Context(), []byte(c.raw), fetchFrom(map[string][]byte{d: nil}), unpack.Limits{})
			if err != nil || len(r.Jars) > 0 {
				t.Errorf("replay: %v, %v", r, err)
			}
		})
	}
}
