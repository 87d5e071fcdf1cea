package action

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"glue-connector/internal/connector"
	"glue-connector/internal/report"
	"glue-connector/internal/workspace"
)

// load reads the config and opens the jars. A file that cannot be read is a
// problem of the input that names it; what is in it is for the rules.
func (r *run) load(ctx context.Context) {
	r.connector = &connector.Connector{}
	if r.in.Mode == Verify && r.in.Repository.Tag != "" {
		return // the config is read for its version only
	}
	r.loadConfig()
	if r.in.Mode == Push {
		r.openEarly(ctx)
	}
	if find("jars").In(r.in.Mode) && len(r.in.Jars) > 0 {
		r.loadJars()
	}
	r.describe()
	if len(r.problems) == 0 {
		var size int64
		for _, j := range r.connector.Jars {
			size += j.Size
		}
		if r.in.Mode != Verify {
			r.done("load", "%s, %s, %s", r.connector.Config.Path, report.Plural(len(r.connector.Jars), "jar"), report.Bytes(size))
		}
	}
}

func (r *run) loadConfig() {
	raw, err := r.ws.Read(r.in.ConfigPath, connector.MaxConfigSize)
	if err != nil {
		if r.in.Mode == Verify && errors.Is(err, fs.ErrNotExist) {
			return
		}
		r.problems = append(r.problems, fileProblem("config-path", r.in.ConfigPath, err))
		return
	}
	r.connector.Config = connector.ParseConfig(r.ws.Display(r.in.ConfigPath), raw)
}

func (r *run) loadJars() {
	found, problems := r.ws.Find(r.in.Jars)
	for _, p := range problems {
		r.problems = append(r.problems, fileProblem("jars", p.Pattern, p.Err))
	}
	type opened struct {
		jar  *connector.Jar
		path string
		file *os.File
		info fs.FileInfo
	}
	var all []opened
	for _, f := range found {
		file, info, err := r.ws.Open(f.Path)
		if err != nil {
			r.problems = append(r.problems, fileProblem("jars", f.Display, err))
			continue
		}
		r.files = append(r.files, file)
		j := &connector.Jar{}
		r.connector.Jars = append(r.connector.Jars, j)
		all = append(all, opened{j, f.Display, file, info})
	}
	// The largest first, or one processor would wait for it in the end.
	slices.SortStableFunc(all, func(a, b opened) int { return cmp.Compare(b.info.Size(), a.info.Size()) })
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, o := range all {
		group.Go(func() error {
			*o.jar = *connector.NewJar(o.info.Name(), o.path, o.info.Size(), o.file)
			o.jar.Stamp = func() string { return workspace.Stamp(o.file) }
			return nil
		})
	}
	_ = group.Wait() // a jar's defects are facts
	if len(found) == 0 && len(problems) == 0 {
		r.problems = append(r.problems, Problem{"jars", "every file is left out by a pattern with !", "Leave fewer files out."})
	}
	connector.SortJars(r.connector.Jars)
}

// describe copies what the connector says of itself into the report.
func (r *run) describe() {
	c := r.connector.Config
	linkType, _ := connector.LinkType(c.Text(connector.KeyConnectorType))
	r.report.Connector = report.Connector{
		Type:      linkType,
		ClassName: c.Text(connector.KeyClassName),
		Version:   c.Text(connector.KeyVersion),
		Publisher: c.Text(connector.KeyPublisherName),
		Jars:      []report.Jar{},

		ConfigPath: r.ws.Display(r.in.ConfigPath),
	}
	for _, j := range r.connector.Jars {
		r.report.Connector.Jars = append(r.report.Connector.Jars, report.Jar{Name: j.Name, Path: j.Path, Size: j.Size})
	}
}

// fileProblem says what to do about a file that cannot be read. The content of
// the file is never part of it.
func fileProblem(input, path string, err error) Problem {
	p := Problem{Input: input, Message: fmt.Sprintf("%+q: %s", path, err), Advice: "Check the path; it is relative to working-directory."}
	if path == "" {
		p.Message = err.Error()
	}
	switch {
	case errors.Is(err, workspace.ErrSymlink):
		p.Advice = "Symbolic links are not followed, wherever they point: name the file itself."
	case errors.Is(err, workspace.ErrOutside):
		p.Advice = "Give a path inside of the repository; copy the file there in a step before."
	case errors.Is(err, workspace.ErrNotRegular):
		p.Advice = "Name a file."
	case errors.Is(err, workspace.ErrNoMatch):
		p.Advice = "Check the pattern, and that a step before has built the jars; it is relative to working-directory."
	case errors.Is(err, fs.ErrPermission):
		p.Advice = "Make the file readable."
	}
	return p
}
