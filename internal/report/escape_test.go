package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "",
		"com.example.Driver 1.0":     "com.example.Driver 1.0",
		"Zürich 東京 🚀":                "Zürich 東京 🚀",
		"a\nb\r\n\tc":                `a\nb\r\n\tc`,
		"\x00\x1b[31m\x7f\u0085":     `\u{0}\u{1b}[31m\u{7f}\u{85}`,
		"\u202eevil\u2066\u2028":     `\u{202e}evil\u{2066}\u{2028}`,
		"\ufeffx\u200b\u00ad":        `\u{feff}x\u{200b}\u{ad}`,
		"\xff\xfea\xed\xa0\x80":      `\xff\xfea\xed\xa0\x80`,
		"\ufffd":                     "\ufffd",
		"\ue000\U0010ffff":           `\u{e000}\u{10ffff}`,
		"##[error]x":                 `##\[error]x`,
		"###[group]##[":              `###\[group]##\[`,
		"#[x] # #[":                  "#[x] # #[",
		"##\u034f[x]#\ufe0f#[x]":     `##\u{34f}[x]#\u{fe0f}#[x]`,
		"a\u3164b\U000e0041":         `a\u{3164}b\u{e0041}`,
		"::set-output name=x::y":     "::set-output name=x::y",
		`C:\x \n`:                    `C:\x \n`,
		"1\r::error::x\n##[a]\u2029": `1\r::error::x\n##\[a]\u{2029}`,
	} {
		if got := Line(in); got != want {
			t.Errorf("Line(%+q) = %q, want %q", in, got, want)
		}
	}
}

func TestCode(t *testing.T) {
	for in, want := range map[string]string{
		"":                "",
		"a,b;c'd%":        "<code>a,b;c'd%</code>",
		"<b>`|`</b>&amp;": "<code>&#60;b&#62;&#96;&#124;&#96;&#60;&#47;b&#62;&#38;amp;</code>",
		// GitHub makes mail addresses links after it has decoded references.
		"a@b.com": "<code>a<!-- -->&#64;b&#46;com</code>",
	} {
		if got := Code(in); got != want {
			t.Errorf("Code(%q) = %q, want %q", in, got, want)
		}
	}
}

// What reads as text and what as code; `…` stands for <code> here.
func TestProse(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"nothing", " ", ""},
		{"plain words", "the link has no connector's name: well-known, is it (not)?", "the link has no connector's name: well-known, is it (not)?"},
		{"numbers", "42 bytes, 1,024 or 9.9 kB, 5.", "42 bytes, 1,024 or 9.9 kB, 5."},
		{"another script", "名前 is Zürich’s…", "名前 is Zürich’s…"},
		{"quoted", `classname "a b" is "x\"y", no name`, "classname `\"a b\"` is `\"x\\\"y\"`, no name"},
		{"quotation mark left open", `a "b c`, "a `\"`b c"},
		{"text that touches a quote", `x="@a b"-c`, "`x=\"@a b\"-c`"},
		{"paths", "jars/a.jar, and target/*.jar.", "`jars/a.jar`, and `target/*.jar`."},
		{"URLs", "see https://evil.example/x or www.evil.example", "see `https://evil.example/x` or `www.evil.example`"},
		{"mentions", "@octocat, @org/team (@x)", "`@octocat`, `@org/team` `(@x)`"},
		{"issues", "#1 GH-12 a/b#3 gh-4", "`#1` `GH-12` `a/b#3` `gh-4`"},
		{"commits", "deadbeef 1234567 a@deadbee defaced faced", "`deadbeef` `1234567` `a@deadbee` `defaced` faced"},
		{"mail", "ask a@b.example", "ask `a@b.example`"},
		{"emoji and maths", ":+1: $x$ a::b", "`:+1`: `$x$` `a::b`"},
		{"IAM", "User: arn:aws:iam::1:role/x is not authorized to perform: ecr:PutImage on *", "User: `arn:aws:iam::1:role/x` is not authorized to perform: `ecr:PutImage` on `*`"},
		{"a forged cell", "| passed |\n# x", "`|` passed `|\\n#` x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, legible(Prose(tt.in))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// untrusted is what a publisher or a registry may write: the seeds of all fuzz
// targets.
var untrusted = []string{
	"", " ", "com.example.Driver", "a\nb\r\n::error::x", "::set-output name=image::evil", "  ::add-mask::a",
	"a##[set-output name=image]evil.jar", "\u202e\u2066\x1b[31m", "\xff\xfe", "<img src=https://e/b.png>",
	"@octocat @org/team", "a|b", "```", "`x`", "<!-- glue-connector -->", "--> <b>", "</code><script>", "</details>",
	"[a](https://evil.example)", "![a](b)", "https://evil.example", "www.evil.example", "a@b.example", "xmpp:a@b.example",
	"#1", "GH-1", "octo/demo#1", "0123456789abcdef0123456789abcdef01234567", "&lt;b&gt; &#64;x", `\@x \`, "# x", "- x", "1. x",
	"    x.y", "===", "---", "|---|", "~~~", "*a* _b_ ~c~", ":smile:", "$x$", "\"a b\" \"", `"\"@x"`, "x\u00a0y\u3000z", "[^1]", "[x]: y",
	"gh-1 owner/repo#1 owner/repo@0123456", "http://e.example ftp://e.example mailto:a@b.example", ":+1: :x:", "&commat;octocat &#x40;octocat", "[x](javascript:alert(1))", "[x][y]",
	"> x", "+ x", "```mermaid\npie\n```", "<a href='https://e'>x</a>", "<details open><summary>x", "x\\", "$$x$$", "++x++ ==y== ^z^", "A\u0301\u200d\ufe0f", "**", "%0A::error::x", "\u2028::error::x",
}

func addUntrusted(f *testing.F) {
	for _, s := range untrusted {
		f.Add(s)
	}
}

func FuzzLine(f *testing.F) {
	addUntrusted(f)
	f.Fuzz(func(t *testing.T, s string) {
		line := Line(s)
		if !utf8.ValidString(line) {
			t.Errorf("Line(%+q) is not UTF-8", s)
		}
		for _, r := range line {
			// Blanks of other scripts are no more than that.
			if !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) {
				t.Errorf("Line(%+q) has %U", s, r)
			}
		}
		if c := commands("error " + line + "\n"); c != nil {
			t.Errorf("Line(%+q) is taken for %q", s, c)
		}
		if again := Line(line); again != line {
			t.Errorf("Line(%+q) is %q, and its line is %q", s, line, again)
		}
		if harmless(s) && line != s {
			t.Errorf("Line(%q) = %q", s, line)
		}
	})
}

func harmless(s string) bool {
	return !strings.Contains(s, "##[") && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// commands finds what the runner takes for a command in a log: lines that begin
// with ::name::, and ##[name] anywhere.
func commands(log string) []string {
	var found []string
	for _, line := range strings.FieldsFunc(log, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "::"); ok && strings.Contains(rest, "::") {
			found = append(found, line)
		}
		if _, rest, ok := strings.Cut(line, "##["); ok && strings.Contains(rest, "]") {
			found = append(found, line)
		}
	}
	return found
}

func FuzzCode(f *testing.F) {
	addUntrusted(f)
	f.Fuzz(func(t *testing.T, s string) {
		if s != "" {
			checkMarkdown(t, Code(s), Line(s))
		}
	})
}

func FuzzProse(f *testing.F) {
	addUntrusted(f)
	f.Fuzz(func(t *testing.T, s string) {
		if text := strings.TrimSpace(Line(s)); text != "" {
			checkMarkdown(t, Prose(s), text)
		}
	})
}
