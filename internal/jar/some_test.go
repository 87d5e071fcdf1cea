package jar

import (
	"fmt"
	"slices"
	"testing"
)

// Whatever the number of classes, some of them are spread over all.
func TestClasses(t *testing.T) {
	for _, count := range []int{0, 1, 5, 10, 63, 64, 65, 129, 1000} {
		var files []file
		for i := range count {
			files = append(files, file{fmt.Sprintf("a/C%04d.class", i), class}, file{fmt.Sprintf("a/%d.txt", i), "x"})
		}
		a := read(pack(t, files...))
		for _, n := range []int{1, 10, MaxClasses} {
			got := a.Classes(n)
			if least, most := min(n, count), 2*n+1; len(got) < least || len(got) > most {
				t.Errorf("%d of %d: %d", n, count, len(got))
			}
			if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
				t.Errorf("%d of %d: %q", n, count, got)
			}
			if n == MaxClasses && count > 0 && got[len(got)-1] < fmt.Sprintf("a/C%04d.class", count*3/4) {
				t.Errorf("%d of %d end at %q", n, count, got[len(got)-1])
			}
		}
	}
}

func TestScalaNames(t *testing.T) {
	for name, want := range map[string]bool{
		"a/B.class": false, "a/B$C.class": false, "a/B$1.class": false, "a$/B.class": false,
		"a/B$.class": true, "a/B$class.class": true, "a/B$$anonfun$c$1.class": true,
	} {
		if got := read(pack(t, file{name, class})).ScalaNames; got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
