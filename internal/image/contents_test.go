package image

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"glue-connector/internal/connector"
)

func TestContents(t *testing.T) {
	img := build(t, sample(jar("b.jar", noise(1, 1000)), jar("a.jar", []byte("x"))))
	raw, err := img.RawConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Contents(raw)
	if err != nil {
		t.Fatal(err)
	}
	cfg, _ := img.ConfigFile()
	want := []Content{
		{"a.jar", 1, cfg.RootFS.DiffIDs[0].String()}, {"b.jar", 1000, cfg.RootFS.DiffIDs[1].String()},
		{Name: "config.json", Layer: cfg.RootFS.DiffIDs[2].String()},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Content{}, "Size")); diff != "" || got[1].Size != 1000 {
		t.Errorf("%s\n%+v", diff, got)
	}
	for _, bad := range []string{
		``, `{}`, `[]`, `{"history":[{"created_by":"glue-connector: x","comment":"[]"}]}`,
		`{"history":[{"created_by":"COPY a.jar /jars/"}],"rootfs":{"type":"layers","diff_ids":["` + cfg.RootFS.DiffIDs[0].String() + `"]}}`,
		`{"history":[{"created_by":"glue-connector: x","comment":"{"}],"rootfs":{"type":"layers","diff_ids":["` + cfg.RootFS.DiffIDs[0].String() + `"]}}`,
	} {
		if got, err := Contents([]byte(bad)); err == nil {
			t.Errorf("%s is taken for an image with %+v", bad, got)
		}
	}
}

// Above MaxJarLayers, jars share layers: their names and sizes are there, and
// what tells one content from another is not.
func TestContentsOfSharedLayers(t *testing.T) {
	var jars []*connector.Jar
	for i := range 2 * MaxJarLayers {
		jars = append(jars, jar(fmt.Sprintf("lib%03d.jar", i), []byte{byte(i)}))
	}
	raw, err := build(t, sample(jars...)).RawConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Contents(raw)
	shared := 0
	for _, c := range got {
		if c.Layer == "" {
			shared++
		}
	}
	if err != nil || len(got) <= MaxJarLayers || shared == 0 {
		t.Errorf("%d files, %d of them in shared layers: %v", len(got), shared, err)
	}
}
