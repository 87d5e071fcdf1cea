package classfile

import "testing"

func TestModifiedUTF8(t *testing.T) {
	tests := map[string]string{ // "!" is invalid
		"":                                     "",
		"a/b$c":                                "a/b$c",
		"12345678\x00":                         "!",
		"1234\x005678":                         "!",
		"12345678\x7F":                         "12345678\x7F",
		"\xC0\x80":                             "\x00",
		"\xC3\xA9":                             "é",
		"\xE2\x82\xAC":                         "€",
		"\xED\xA0\xBD\xED\xB8\x80":             "\U0001F600",
		"\xED\xA0\x80\xED\xB0\x80":             "\U00010000",
		"\xED\xAF\xBF\xED\xBF\xBF":             "\U0010FFFF",
		"\xED\xA0\xBD":                         "\uFFFD",
		"\xED\xA0\xBDx":                        "\uFFFDx",
		"\xED\xB8\x80\xED\xA0\xBD":             "\uFFFD\uFFFD",
		"\xED\xA0\xBD\xED\xA0\xBD\xED\xB8\x80": "\uFFFD\U0001F600",
		"\xEF\xBF\xBD":                         "\uFFFD",
		"\xC1\x81":                             "A", // as the JVM does
		"\xF0\x9F\x98\x80":                     "!",
		"\xFF":                                 "!",
		"\x80":                                 "!",
		"\xC3":                                 "!",
		"\xC3x":                                "!",
		"\xE2\x82":                             "!",
		"\xE2x\x82":                            "!",
		"\xED\xA0\xBD\xED\xB8":                 "!",
	}
	for in, want := range tests {
		got, ok := appendModified([]byte(">"), []byte(in))
		if !ok {
			got = []byte(">!")
		}
		if string(got) != ">"+want {
			t.Errorf("%q: got %q, want %q", in, got[1:], want)
		}
	}
}
