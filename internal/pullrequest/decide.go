package pullrequest

import "time"

// found is a comment of ours.
type found struct {
	id      int64
	run     Run
	body    string // with the marker
	url     string
	updated time.Time
}

// plan is what to do next.
type plan struct {
	best   *found // holds the newest content; nil if there is no comment
	create bool
	update bool    // best
	remove []int64 // outdone by best
	older  bool    // a newer run was faster
}

// settled tells that there is nothing to do.
func (p plan) settled() bool { return !p.create && !p.update && len(p.remove) == 0 }

// decide compares what is there with what should be. A comment is removed only
// if another one of a newer run is there, or an older one of the same run: so
// the newest is removed by no one, however many decide at the same time.
//
// With wrote, this run has written before. What its own run has written since
// is another job's then, and they do not fight over it; a comment that is gone
// was removed by a person, or the list is behind.
func decide(ours []found, want found, wrote bool) plan {
	if len(ours) == 0 {
		return plan{create: !wrote}
	}
	best := ours[0]
	for _, f := range ours[1:] {
		if c := f.run.Compare(best.run); c > 0 || c == 0 && f.id < best.id {
			best = f
		}
	}
	p := plan{best: &best}
	for _, f := range ours {
		if f.id != best.id {
			p.remove = append(p.remove, f.id)
		}
	}
	switch c := best.run.Compare(want.run); {
	case c > 0:
		p.older = true
	case c == 0 && (wrote || best.body == want.body):
	default:
		p.update = true
	}
	return p
}
