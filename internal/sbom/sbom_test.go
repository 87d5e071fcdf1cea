package sbom

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"glue-connector/internal/connector"
	"glue-connector/internal/jar"
)

// file makes a jar of entries: name, content, name, content.
func file(t testing.TB, name string, entries ...string) *connector.Jar {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		w, err := z.Create(entries[i])
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, entries[i+1])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return connector.NewJar(name, "target/"+name, int64(b.Len()), bytes.NewReader(b.Bytes()))
}

// properties are the entry of an artifact.
func properties(group, artifact, version string) []string {
	return []string{"META-INF/maven/" + group + "/" + artifact + "/pom.properties",
		"groupId=" + group + "\nartifactId=" + artifact + "\nversion=" + version + "\n"}
}

const configText = `{"classname":"com.example.Driver","version":"1.2.3","publishername":"partner","description":"A driver"}`

var options = Options{
	Created: time.Date(2026, 11, 1, 12, 0, 0, 0, time.FixedZone("", 3600)), Version: "v1.0.0",
	Revision: strings.Repeat("a", 40), Source: "https://github.com/owner/name",
}

func document(t testing.TB, o Options, config string, jars ...*connector.Jar) (*cdx.BOM, []byte) {
	t.Helper()
	connector.SortJars(jars)
	d, err := Make(&connector.Connector{Config: connector.ParseConfig("config.json", []byte(config)), Jars: jars}, o)
	if err != nil {
		t.Fatal(err)
	}
	validate(t, d.JSON)
	bom := &cdx.BOM{}
	if err := cdx.NewBOMDecoder(bytes.NewReader(d.JSON), cdx.BOMFileFormatJSON).Decode(bom); err != nil {
		t.Fatal(err)
	}
	n := len(deref(bom.Components))
	for _, c := range deref(bom.Components) {
		n += len(deref(c.Components))
	}
	if n != d.Components {
		t.Errorf("%d components, and it says %d", n, d.Components)
	}
	return bom, d.JSON
}

// schema is CycloneDX's own, which lies in the module of its Go library.
var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		return nil, fmt.Errorf("finding the schema: %w", err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for name, file := range map[string]string{
		"bom-1.6.schema.json": "bom-1.6.schema.json", "spdx.schema.json": "spdx.schema.json", "jsf-0.82.schema.json": "jsf-0.82.schemax.json",
	} {
		b, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "schema", file))
		if err != nil {
			return nil, err
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		if err := c.AddResource("http://cyclonedx.org/schema/"+name, value); err != nil {
			return nil, err
		}
	}
	return c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
})

func validate(t testing.TB, raw []byte) {
	t.Helper()
	s, err := schema()
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(value); err != nil {
		t.Errorf("%v\n%s", err, raw)
	}
}

// summary is a component in one line, and what is nested in it.
func summary(c cdx.Component) []string {
	how := ""
	for _, p := range deref(c.Properties) {
		if p.Name == identifiedBy {
			how = p.Value
		}
	}
	all := []string{strings.Join([]string{c.Name, c.Version, c.PackageURL, how}, " | ")}
	for _, n := range deref(c.Components) {
		for _, s := range summary(n) {
			all = append(all, "  "+s)
		}
	}
	return all
}

func TestComponents(t *testing.T) {
	const manifest = "META-INF/MANIFEST.MF"
	for _, tc := range []struct {
		file    string
		entries []string
		want    []string
	}{
		{"guava-31.1-jre.jar", properties("com.google.guava", "guava", "31.1-jre"),
			[]string{"guava | 31.1-jre | pkg:maven/com.google.guava/guava@31.1-jre | pom.properties"}},
		{"driver-all-2.0.jar", slices.Concat(properties("com.example", "driver", "1"), properties("org.z", "z", "3"), properties("org.a", "a+b", "3"), properties("org.a", "a", "2"), properties("org.a", "a", "2")),
			[]string{"driver-all | 2.0 |  | file name",
				"  driver | 1 | pkg:maven/com.example/driver@1 | pom.properties",
				"  a | 2 | pkg:maven/org.a/a@2 | pom.properties",
				"  z | 3 | pkg:maven/org.z/z@3 | pom.properties"}},
		{"driver-all-2.0.jar", slices.Concat(properties("com.example", "driver-all", "2.0"), properties("com.example", "driver", "1")),
			[]string{"driver-all | 2.0 | pkg:maven/com.example/driver-all@2.0 | pom.properties",
				"  driver | 1 | pkg:maven/com.example/driver@1 | pom.properties"}},
		{"driver-2.0-shaded.jar", slices.Concat(properties("b", "driver", "3.0"), properties("c", "driver", "2.0"), properties("d", "driver", "2")),
			[]string{"driver | 2.0 | pkg:maven/c/driver@2.0 | pom.properties",
				"  driver | 3.0 | pkg:maven/b/driver@3.0 | pom.properties",
				"  driver | 2 | pkg:maven/d/driver@2 | pom.properties"}},
		{"driver.jar", properties("com.example", "driver", "${project.version}"),
			[]string{"driver |  | pkg:maven/com.example/driver | pom.properties"}},
		{"x.jar", properties("com.example/../y", "x", "1"), []string{"x |  |  | file name"}},
		{"mysql.jar", []string{manifest, "Manifest-Version: 1.0\nImplementation-Title: MySQL Connector/J\nImplementation-Version: 8.4.0\n"},
			[]string{"MySQL Connector/J | 8.4.0 |  | manifest"}},
		{"mysql-1.jar", []string{manifest, "Manifest-Version: 1.0\nBundle-Version: 8.4.0\n"},
			[]string{"mysql | 8.4.0 |  | file name, and version from the manifest"}},
		{"log4j-1.2-api-2.17.1.jar", nil, []string{"log4j-1.2-api | 2.17.1 |  | file name"}},
		{"spark_2.12-3.5.0-2.jar", nil, []string{"spark_2.12 | 3.5.0-2 |  | file name"}},
		{"plain.jar", nil, []string{"plain |  |  | file name"}},
		{"2.0.jar", nil, []string{"2.0 |  |  | file name"}},
		{"\u200b.jar", nil, []string{"jar |  |  | file name"}},
	} {
		t.Run(tc.file, func(t *testing.T) {
			j := file(t, tc.file, tc.entries...)
			bom, _ := document(t, options, configText, j)
			c := (*bom.Components)[0]
			if diff := cmp.Diff(tc.want, summary(c)); diff != "" {
				t.Error(diff)
			}
			content := make([]byte, j.Size)
			j.Content.ReadAt(content, 0)
			if got := (*c.Hashes)[0]; got.Algorithm != cdx.HashAlgoSHA256 || got.Value != fmt.Sprintf("%x", sha256.Sum256(content)) {
				t.Errorf("hash %+v", got)
			}
		})
	}
}

func TestMetadata(t *testing.T) {
	bom, raw := document(t, options, configText, file(t, "b.jar"), file(t, "a.jar"))
	m := bom.Metadata
	if m.Timestamp != "2026-11-01T11:00:00Z" || m.Component.Name != "com.example.Driver" || m.Component.Version != "1.2.3" ||
		m.Component.Publisher != "partner" || (*m.Component.ExternalReferences)[0].URL != options.Source ||
		(*m.Properties)[0].Value != options.Revision || (*m.Tools.Components)[0].Version != "v1.0.0" {
		t.Errorf("metadata %+v", m)
	}
	if got := *(*bom.Dependencies)[0].Dependencies; !slices.Equal(got, []string{"jar-1", "jar-2"}) {
		t.Errorf("dependencies %v", got)
	}
	if _, again := document(t, options, configText, file(t, "a.jar"), file(t, "b.jar")); !bytes.Equal(raw, again) {
		t.Error("the same connector gives another document")
	}
	other, _ := document(t, options, configText, file(t, "a.jar"), file(t, "b.jar", "x", "y"))
	if other.SerialNumber == bom.SerialNumber {
		t.Error("another connector has the same serial number")
	}
	bare, _ := document(t, Options{}, `{`)
	if bare.Metadata.Timestamp != "" || bare.Metadata.Component.Name != "connector" || bare.Metadata.Properties != nil {
		t.Errorf("metadata %+v", bare.Metadata)
	}
}

func TestLicences(t *testing.T) {
	pom := "META-INF/maven/g/a/pom.xml"
	for text, want := range map[string][]cdx.License{
		`<project xmlns="http://maven.apache.org/POM/4.0.0"><licenses><license><name> Apache License,
 Version 2.0 </name><url>https://www.apache.org/licenses/LICENSE-2.0.txt</url></license><license><name>MIT</name><url>javascript:x</url></license></licenses></project>`: {
			{Name: "Apache License,  Version 2.0", URL: "https://www.apache.org/licenses/LICENSE-2.0.txt"}, {Name: "MIT"}},
		`<project/>`: nil,
		`<project><licenses><license><name>` + strings.Repeat("n", maxPom):                                                                  nil,
		`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><project><licenses><license><name>&e;</name></license></licenses></project>`: nil,
		"<project><licenses>" + strings.Repeat("<license><name>x</name></license>", 9) + "</licenses></project>":                            slices.Repeat([]cdx.License{{Name: "x"}}, maxLicences),
	} {
		bom, _ := document(t, options, configText, file(t, "a-1.jar", append(properties("g", "a", "1"), pom, text)...))
		var got []cdx.License
		if all := (*bom.Components)[0].Licenses; all != nil {
			for _, l := range *all {
				got = append(got, *l.License)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.60s: %s", text, diff)
		}
	}
}

// What others wrote is text, of bounded length, in valid JSON.
func TestHostileTexts(t *testing.T) {
	evil := "x\x1b[31m\u202e\"},{\r\n" + strings.Repeat("é", 2000)
	config, err := json.Marshal(map[string]string{"classname": evil, "version": evil, "description": evil, "publishername": evil})
	if err != nil {
		t.Fatal(err)
	}
	bom, raw := document(t, Options{Version: evil, Revision: evil, Source: "https://x/ \x00"}, string(config), file(t, "a\x1b\xff\u202e.jar",
		"META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nImplementation-Title: \x1b\u202ex\n"))
	if bytes.ContainsAny(raw, "\x1b\x00\u202e\r") || len(raw) > 10<<10 {
		t.Errorf("%d bytes: %q", len(raw), raw)
	}
	if got := bom.Metadata.Component.Name; !strings.HasPrefix(got, `x[31m"},{  é`) || len(got) > 1<<10 {
		t.Errorf("%q", got)
	}
}

func TestManyArtifactsAreCounted(t *testing.T) {
	jars := []*connector.Jar{file(t, "a.jar"), file(t, "b.jar"), file(t, "c.jar")}
	for _, j := range jars[:2] {
		j.Archive = &jar.Archive{}
		for i := range maxComponents - 1000 {
			j.Archive.Maven = append(j.Archive.Maven, jar.Coordinates{Group: "g", Artifact: fmt.Sprintf("x%d", i), Version: "1"})
		}
	}
	d, err := Make(&connector.Connector{Jars: jars}, options)
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf(`"value": "%d"`, 2*(maxComponents-1000)+len(jars)-maxComponents); d.Components != maxComponents || !bytes.Contains(d.JSON, []byte(want)) {
		t.Errorf("%d components, not %s", d.Components, want)
	}
}

func TestUnreadableFile(t *testing.T) {
	j := file(t, "a.jar")
	j.Size++
	j.Content = bytes.NewReader([]byte("no archive"))
	j.Archive = jar.Read(j.Content, 10)
	j.Size = 10
	bom, _ := document(t, options, configText, j)
	if len(*bom.Components) != 1 {
		t.Error("a file that is no archive is no component")
	}
}
