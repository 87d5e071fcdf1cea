package action

import (
	"context"
	"fmt"

	"glue-connector/internal/report"
	"glue-connector/internal/sbom"
)

// writeSBOM lists what the connector is made of, for a file or for the registry.
// Findings keep no one from it: what is in the jars is there all the same.
func (r *run) writeSBOM() {
	if r.in.SBOMFile == "" && !r.in.AttachSBOM {
		return
	}
	if len(r.problems) > 0 || len(r.report.Failures()) > 0 {
		r.skip("sbom", r.stopped())
		return
	}
	d, err := sbom.Make(r.connector, sbom.Options{
		Created: r.created(), Version: Version(), Revision: r.origin.Revision(), Source: r.origin.Home(),
	})
	if err == nil && r.in.SBOMFile != "" {
		if err = r.ws.Write(r.in.SBOMFile, d.JSON); err != nil {
			err = fmt.Errorf("writing the SBOM to %s: %w", r.in.SBOMFile, err)
		}
	}
	if err != nil {
		r.fail("sbom", err)
		return
	}
	r.bom = d.JSON
	if r.in.SBOMFile == "" {
		return // the step is the one that attaches it
	}
	r.report.SBOM = &report.SBOM{Path: r.ws.Display(r.ws.Full(r.in.SBOMFile)), Components: d.Components}
	r.done("sbom", "%s, %s", r.report.SBOM.Path, report.Plural(d.Components, "component"))
}

// attachStep is the name of the step that comes after the release: its failure
// takes nothing back of it.
const attachStep = "attach"

// attachSBOM puts the SBOM beside the image, in each place where that is released
// and read back. A place that failed keeps no other from it.
func (r *run) attachSBOM(ctx context.Context) {
	if !r.in.AttachSBOM || !r.in.Mode.pushes() {
		return
	}
	if r.enough {
		r.skip(attachStep, "the time is over")
		return
	}
	tried := false
	for _, p := range r.places {
		if p.public && p.result != report.Failed && r.bom != nil && r.over() == nil {
			tried = true
			r.attachAt(ctx, p)
		}
	}
	switch why := r.stopped(); {
	case tried:
	case why != "":
		r.skip(attachStep, why)
	case r.in.DryRun:
		r.skip(attachStep, "dry run: would attach the SBOM to "+r.digest)
	}
}

func (r *run) attachAt(ctx context.Context, p *place) {
	digest, existed, err := p.repo.Attach(ctx, r.image, sbom.MediaType, r.bom)
	if err != nil {
		r.public = true // so that it is partial
		r.fail(attachStep, &during{doing: "attaching the SBOM to " + p.ref.String(), error: err})
		return
	}
	if r.report.SBOM == nil {
		r.report.SBOM = &report.SBOM{}
	}
	r.report.SBOM.Digest = digest
	how := "attached"
	if existed {
		how = "already there"
	}
	r.done(attachStep, "%s%s: %s, for %s", r.at(p), how, digest, r.digest)
}

// onlyUnattached tells that all releases are whole and that nothing failed but the
// step after them: the result stays theirs.
func (r *run) onlyUnattached() bool {
	failures := r.report.Failures()
	for _, s := range failures {
		if s.Name != attachStep || s.Kind != "partial" {
			return false
		}
	}
	return len(failures) > 0 && !r.cut && !(r.in.FailOn == "warning" && r.report.Warnings() > 0)
}

func (r *run) sbomFact(get func(*report.SBOM) string) string {
	if r.report.SBOM == nil {
		return ""
	}
	return get(r.report.SBOM)
}
