package check

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

func get(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

func set(a *txtar.Archive, name, text string) {
	for i := range a.Files {
		if a.Files[i].Name == name {
			a.Files[i].Data = []byte(text)
			return
		}
	}
	a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text)})
}

// unquote reads Go's escapes, and leaves quotation marks and line ends alone.
func unquote(t *testing.T, s string) string {
	t.Helper()
	out, err := strconv.Unquote(`"` + strings.NewReplacer(`"`, `\"`, "\n", `\n`).Replace(s) + `"`)
	if err != nil {
		t.Fatalf("reading %q: %v", s, err)
	}
	return out
}

// assemble makes a class file of a description, one clause a line:
//
//	class [public|abstract|interface] NAME
//	extends NAME
//	implements NAME
//	major 52
//	constructor [public|private]
//	alias TEXT     shortName() returns it
//	computed       shortName() returns what it makes up
//	val TEXT       shortName() reads a field that the public constructor sets
//	object NAME    shortName() returns NAME.MODULE$.shortName()
//	scala          compiled by scalac
//	uses NAME
//	text TEXT      a string constant
//	calls NAME     a method with this class in its descriptor
func assemble(t *testing.T, text string) []byte {
	t.Helper()
	a := &assembler{next: 1, major: 52, super: "java/lang/Object", flags: 0x20}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		last := strings.ReplaceAll(words[len(words)-1], ".", "/")
		switch words[0] {
		case "class":
			a.name = last
			for _, w := range words[1 : len(words)-1] {
				a.flags |= map[string]int{"public": 1, "abstract": 0x400, "interface": 0x600}[w]
			}
		case "extends":
			a.super = last
		case "implements":
			a.interfaces = append(a.interfaces, a.class(last))
		case "major":
			a.major, _ = strconv.Atoi(last)
		case "constructor":
			a.method(map[string]int{"public": 1, "private": 2}[last], "<init>", "()V", []byte{0xb1})
		case "alias":
			i := a.constant(8, a.utf8(words[1]))
			a.method(1, "shortName", "()Ljava/lang/String;", []byte{0x13, byte(i >> 8), byte(i), 0xb0})
		case "computed":
			a.method(1, "shortName", "()Ljava/lang/String;", []byte{0x01, 0xb0})
		case "val":
			f := a.ref(9, a.class(a.name), "shortName", "Ljava/lang/String;")
			i := a.constant(8, a.utf8(words[1]))
			a.method(1, "<init>", "()V", slices.Concat([]byte{0x2a, 0x13}, u2(i), []byte{0xb5}, u2(f), []byte{0xb1}))
			a.method(1, "shortName", "()Ljava/lang/String;", slices.Concat([]byte{0x2a, 0xb4}, u2(f), []byte{0xb0}))
		case "object":
			module := a.ref(9, a.class(last), "MODULE$", "L"+last+";")
			get := a.ref(10, a.class(last), "shortName", "()Ljava/lang/String;")
			a.method(1, "shortName", "()Ljava/lang/String;", slices.Concat([]byte{0xb2}, u2(module), []byte{0xb6}, u2(get), []byte{0xb0}))
		case "scala":
			a.scala = true
		case "text":
			a.constant(8, a.utf8(words[1]))
		case "uses":
			a.class(last)
		case "calls":
			a.ref(10, a.class("java/lang/Object"), "m", "()L"+last+";")
		default:
			t.Fatalf("a class has no %q", line)
		}
	}
	return a.bytes()
}

type assembler struct {
	pool, methods      []byte
	next, flags, major int
	count              int // of methods
	name, super        string
	interfaces         []int
	scala              bool
}

func u2(n int) []byte { return []byte{byte(n >> 8), byte(n)} }

func (a *assembler) utf8(s string) int {
	a.pool = append(append(append(a.pool, 1), u2(len(s))...), s...)
	a.next++
	return a.next - 1
}

func (a *assembler) constant(tag byte, index int) int {
	a.pool = append(append(a.pool, tag), u2(index)...)
	a.next++
	return a.next - 1
}

func (a *assembler) class(name string) int { return a.constant(7, a.utf8(name)) }

// ref adds a field (tag 9) or method (tag 10) of a class.
func (a *assembler) ref(tag byte, class int, name, descriptor string) int {
	n, d := a.utf8(name), a.utf8(descriptor)
	a.pool = slices.Concat(a.pool, []byte{12}, u2(n), u2(d), []byte{tag}, u2(class), u2(a.next))
	a.next += 2
	return a.next - 1
}

func (a *assembler) method(flags int, name, descriptor string, code []byte) {
	n, d, c := a.utf8(name), a.utf8(descriptor), a.utf8("Code")
	body := slices.Concat(u2(1), u2(1), u2(0), u2(len(code)), code, u2(0), u2(0))
	a.methods = slices.Concat(a.methods, u2(flags), u2(n), u2(d), u2(1), u2(c), u2(0), u2(len(body)), body)
	a.count++
}

func (a *assembler) bytes() []byte {
	this, super := a.class(a.name), a.class(a.super)
	attributes := u2(0)
	if a.scala {
		attributes = slices.Concat(u2(1), u2(a.utf8("ScalaSig")), []byte{0, 0, 0, 0})
	}
	b := slices.Concat([]byte("\xca\xfe\xba\xbe\x00\x00"), u2(a.major), u2(a.next), a.pool, u2(a.flags), u2(this), u2(super), u2(len(a.interfaces)))
	for _, i := range a.interfaces {
		b = append(b, u2(i)...)
	}
	return slices.Concat(b, u2(0), u2(a.count), a.methods, attributes)
}
