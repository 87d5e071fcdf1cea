package jar

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// maxDuplicates is how many names that come twice are looked at.
const maxDuplicates = 20

// duplicates reports names that stand for two entries. Two records of the
// directory for one place in the file do no harm, nor do the licences that build
// tools gather when they merge jars.
func (s *scanner) duplicates() {
	a := s.a
	type pair struct{ last, before uint32 } // positions of two records of one hash
	pairs, more := make([]pair, 0, 2*maxDuplicates), ""
	first := func() { // in the directory, whatever the order of hashes
		slices.SortFunc(pairs, func(x, y pair) int { return cmp.Compare(x.last, y.last) })
		if len(pairs) > maxDuplicates {
			pairs, more = pairs[:maxDuplicates], " at least"
		}
	}
	for i := 1; i < len(a.index); i++ {
		if x, y := a.index[i-1], a.index[i]; x.hash == y.hash && !y.folder {
			if pairs = append(pairs, pair{y.position, x.position}); len(pairs) == cap(pairs) {
				first()
			}
		}
	}
	first()
	example, count := "", 0
	for _, p := range pairs {
		e, ok := a.directory.at(a.content, int64(p.last))
		before, ok2 := a.directory.at(a.content, int64(p.before))
		if ok && ok2 && e.offset != before.offset && !isLegal(e.name) {
			example = cmp.Or(example, e.name)
			count++
		}
	}
	switch {
	case count == 1:
		a.defect(Duplicate, example, "the archive has two entries of this name, and the JVM takes the last")
	case count > 1:
		a.defect(Duplicate, example, fmt.Sprintf("the archive has two entries of this name, and of%s %d others, and the JVM takes the last", more, count-1))
	}
}

// isLegal tells texts that no program reads.
func isLegal(name string) bool {
	base := strings.ToUpper(path.Base(name))
	for _, begin := range []string{"LICENSE", "NOTICE", "DEPENDENCIES", "AL2.0", "LGPL"} {
		if strings.HasPrefix(base, begin) {
			return true
		}
	}
	return false
}
