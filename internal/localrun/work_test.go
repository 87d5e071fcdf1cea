package localrun

import "testing"

// The texts are what Python's json.dumps and print make of the secrets.
func TestMasker(t *testing.T) {
	m := masker(map[string]string{"password": `pä"<s>😀`, "token": "hunter", "key": "hunter2", "username": "reader"})
	for _, c := range []struct{ name, text, want string }{
		{"as it is", `no login with pä"<s>😀.`, "no login with ***."},
		{"in JSON", `{"error": "no login with p\u00e4\"<s>\ud83d\ude00"}`, `{"error": "no login with ***"}`},
		{"one begins as another", "hunter2 hunter", "*** ***"},
		{"no secret", "reader", "reader"},
	} {
		if got := m.Replace(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
