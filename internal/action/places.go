package action

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"glue-connector/internal/connector"
	"glue-connector/internal/registry"
	"glue-connector/internal/report"
)

// place is one repository that the image goes to. Places come one after the
// other: a push moves several blobs at a time already, and its log stays in order.
type place struct {
	ref    connector.Reference
	repo   *registry.Repository
	result report.Result
	// public tells that the image can be seen there.
	public bool
}

// skipped is the result of a place where nothing was tried.
const skipped report.Result = "skipped"

// settlePlaces lists where the image goes, once the main repository is known
// in full; all get the same tags.
func (r *run) settlePlaces(main connector.Reference) {
	if r.in.Repository.Repository == "" {
		return
	}
	r.places = []*place{{ref: main, result: skipped}}
	for _, ref := range r.in.Places {
		ref.Tag = main.Tag
		r.places = append(r.places, &place{ref: ref, result: skipped})
	}
	if len(r.problems) == 0 && main.Account != "" { // else it was told with the inputs
		r.problems = append(r.problems, namedAgain(main, r.in.Places)...)
	}
}

// tags are those of the image, the main one first.
func (r *run) tags() []string {
	return append([]string{r.connector.Image.Tag}, r.in.AdditionalTags...)
}

// pushAll pushes to all places. One that fails keeps no one from the others.
func (r *run) pushAll(ctx context.Context) {
	if why := r.stopped(); why != "" {
		r.skip("push", why)
		return
	}
	tags := r.tags()
	public := false
	for i, p := range r.places {
		if r.over() != nil {
			r.cut = true
			r.skip("push", p.ref.Name()+": the run was cut short")
			continue
		}
		r.public = false
		if i > 0 {
			r.openPlace(ctx, p, r.places[:i])
		}
		if p.repo != nil {
			r.push(ctx, p, tags)
		}
		public = public || p.public
	}
	r.public = public
	if main := r.places[0]; main.result != report.Failed && main.result != skipped {
		r.report.Result = main.result
	}
}

// openPlace logs in to an additional repository, in word only, with the
// credentials of the main one.
func (r *run) openPlace(ctx context.Context, p *place, before []*place) {
	cfg, err := r.config(ctx)
	if err == nil {
		p.repo, err = registry.Open(cfg, p.ref, nil)
	}
	if err != nil {
		r.failAt(p, "registry", err)
		return
	}
	for _, other := range before {
		if other.public {
			p.repo.MountFrom(other.repo)
		}
	}
}

// failAt records a failure at a place, which it names if there are several.
func (r *run) failAt(p *place, step string, err error) {
	p.result = report.Failed
	if len(r.places) > 1 && !strings.Contains(err.Error(), p.ref.Name()) {
		err = fmt.Errorf("%s: %w", p.ref.Name(), err)
	}
	r.public = p.public
	r.fail(step, err)
}

// at names a place in front of a text if there are several.
func (r *run) at(p *place) string {
	if len(r.places) == 1 {
		return ""
	}
	return p.ref.String() + ": "
}

func (r *run) placesJSON() string {
	type entry struct {
		Image  string        `json:"image"`
		Digest string        `json:"digest"`
		Result report.Result `json:"result"`
	}
	if len(r.places) == 0 {
		return ""
	}
	var all []entry
	for _, p := range r.places {
		e := entry{Digest: r.digest, Result: p.result}
		if p.ref.Account != "" && p.ref.Region != "" {
			e.Image = p.ref.String()
		}
		all = append(all, e)
	}
	b, err := json.Marshal(all)
	if err != nil {
		return "" // cannot be: it is made of strings
	}
	return string(b)
}
