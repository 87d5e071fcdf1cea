package jar

import (
	"crypto/sha256"
	"encoding/base64"
	"testing"
)

func sum(s string) string {
	b := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(b[:])
}

func TestSigning(t *testing.T) {
	section := "Name: a/Signed.class\r\nSHA-256-Digest: " + sum("signed") + "\r\n\r\n"
	manifest := "Manifest-Version: 1.0\r\n\r\n" + section + "Name: a/Changed.class\r\nSHA-256-Digest: " + sum("before") + "\r\n\r\n" +
		"Name: a/Odd.class\r\nMD5-Digest: x\r\n\r\n"
	files := []file{
		{"META-INF/MANIFEST.MF", manifest}, {"a/Signed.class", "signed"}, {"a/Changed.class", "after"}, {"a/Odd.class", "x"}, {"a/New.class", "x"},
		{"META-INF/A.SF", "Signature-Version: 1.0\r\nSHA-256-Digest-Manifest: " + sum(manifest) + "\r\n\r\n"}, {"META-INF/a.ec", "x"},
	}
	signed := read(pack(t, files...))
	if broken := signed.BrokenSignatures(); broken != nil {
		t.Errorf("a whole signature is broken: %+v", broken)
	}
	for entry, want := range map[string]Signing{
		"a/Signed.class": Signed, "a/Changed.class": Changed, "a/Odd.class": Unsigned, "a/New.class": Unsigned, "a/None.class": Unsigned,
	} {
		if got := signed.Signing(entry); got != want {
			t.Errorf("%s: %d, want %d", entry, got, want)
		}
	}
	// Without its block, a signature file counts for nothing.
	if got := read(pack(t, files[:6]...)).Signing("a/Changed.class"); got != Unsigned {
		t.Errorf("without a block: %d", got)
	}
}

// A file that a merge left behind, one whose manifest grew sections that it does
// not name, and one whose sections are gone.
func TestBrokenSignatures(t *testing.T) {
	section := "Name: a\nSHA-256-Digest: x\n\n"
	main := "Manifest-Version: 1.0\n\n"
	of := func(mainDigest, sections string) string {
		return "Signature-Version: 1.0\nSHA-256-Digest-Manifest: x\nSHA-256-Digest-Manifest-Main-Attributes: " + mainDigest + "\n\n" + sections
	}
	for name, tc := range map[string]struct{ manifest, file, why string }{
		"another jar's":   {main, of("x", ""), "does not fit its manifest"},
		"sections added":  {main + section + "Name: b\n\n", of(sum(main), "Name: a\nSHA-256-Digest: "+sum(section)+"\n\n"), ""},
		"sections gone":   {main, of(sum(main), "Name: a\nSHA-256-Digest: "+sum(section)+"\n\n"), "signs entries that the manifest does not name"},
		"section changed": {main + section, of(sum(main), "Name: a\nSHA-256-Digest: "+sum("x")+"\n\n"), "does not fit what the manifest says of an entry"},
		"unknown digests": {main, "Signature-Version: 1.0\nMD5-Digest-Manifest: x\n\n", ""},
	} {
		a := read(pack(t, file{"META-INF/MANIFEST.MF", tc.manifest}, file{"META-INF/A.SF", tc.file}, file{"META-INF/A.RSA", "x"}))
		why := ""
		for _, b := range a.BrokenSignatures() {
			why = b.Why
		}
		if why != tc.why {
			t.Errorf("%s: %q, want %q", name, why, tc.why)
		}
	}
}
