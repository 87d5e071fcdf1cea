package jar

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A signature that the JDK's own tool made stands; merged into another jar it
// does not, and the JVM says so.
func TestSignatures(t *testing.T) {
	for _, tool := range []string{"jarsigner", "keytool"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool, "is not here")
		}
	}
	dir := t.TempDir()
	signed := filepath.Join(dir, "signed.jar")
	if err := os.WriteFile(signed, pack(t, file{"META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n"}, file{"a.txt", "a"}), 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(name string, args ...string) {
		t.Helper()
		if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	store := []string{"-keystore", filepath.Join(dir, "store"), "-storepass", "changeit"}
	run("keytool", append([]string{"-genkeypair", "-alias", "acme", "-dname", "CN=Acme", "-keyalg", "RSA", "-keypass", "changeit"}, store...)...)
	run("jarsigner", append(slices.Clone(store), signed, "acme")...)
	b, err := os.ReadFile(signed)
	if err != nil {
		t.Fatal(err)
	}
	a := read(b)
	if broken := a.BrokenSignatures(); len(a.Signatures) != 2 || len(broken) != 0 {
		t.Fatalf("signatures %v, broken %v", a.Signatures, broken)
	}
	files := []file{{"META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nCreated-By: merger\r\n\r\n"}}
	for _, name := range a.Signatures {
		content, _ := a.Open(name, maxManifest)
		files = append(files, file{name, string(content)})
	}
	if broken := read(pack(t, files...)).BrokenSignatures(); len(broken) != 1 {
		t.Errorf("merged: broken %v", broken)
	}
	if broken := read(pack(t, files[:2]...)).BrokenSignatures(); len(broken) != 0 {
		t.Errorf("without its block a signature file counts for nothing: %v", broken)
	}
}

// What java.util.jar.Manifest takes and refuses (JDK 17).
func TestManifestProblem(t *testing.T) {
	long := strings.Repeat("v", 600)
	for manifest, bad := range map[string]bool{
		"": false, "Manifest-Version: 1.0\n": false, "A: b\r\nC: d\r\n\r\nName: x\r\nE: f\r\n": false, "A: b\r": false, "A: b\n c\n d\n": false,
		"A: b\n\n\n\nname: x\n y\n": false, "A:  b\n": false, "A: b\nno end": false, "A: \n": false,
		"A\n": true, "A:b\n": true, " A: b\n": true, "\ufeffA: b\n": true, "A b: c\n": true, strings.Repeat("n", 71) + ": v\n": true,
		"A: " + long + "\n": true, "A: b\n\nC: d\n": true, "A: b\n\n c\n": true, "A: b\n\nName: x\nbroken\n": true,
	} {
		if problem := manifestProblem([]byte(manifest)); (problem != "") != bad {
			t.Errorf("%.40q: %q", manifest, problem)
		}
	}
}

func TestFindSecret(t *testing.T) {
	body := strings.Repeat("MIIEowIBAAKCAQEA", 5)
	for text, want := range map[string]string{
		"-----BEGIN PRIVATE KEY-----\n" + body:           "a private key",
		`key=-----BEGIN RSA PRIVATE KEY-----\n` + body:   "a private key",
		"begins with -----BEGIN PRIVATE KEY----- and so": "",
		"-----BEGIN PUBLIC KEY-----\n" + body:            "",
		"id=AKIAIOSFODNN7EXAMPLE":                        "",
		"id=AKIAXXXXXXXXXXXXXXXX":                        "",
		"id=AKIAQ3EGT7ZV2MN5BPLK":                        "an AWS access key id",
		"AKIAIOSFODNN7EXAMPLE then AKIAQ3EGT7ZV2MN5BPLK": "an AWS access key id",
	} {
		if what, found := FindSecret([]byte(text)); what != want || found != (want != "") {
			t.Errorf("%.60q: %q", text, what)
		}
	}
}
