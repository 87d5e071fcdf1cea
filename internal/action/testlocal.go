package action

import (
	"context"

	"glue-connector/internal/glue"
	"glue-connector/internal/localrun"
	"glue-connector/internal/trial"
)

// testLocal runs the tests on this machine: in images of Glue, or on a Spark.
func (r *run) testLocal(ctx context.Context) ([]trial.Table, error) {
	w := localrun.Work{Plan: r.plan, Dir: r.ws.Dir, Limit: r.in.TestTimeout, Getenv: r.env.Getenv}
	for _, j := range r.connector.Jars {
		w.Jars = append(w.Jars, localrun.Jar{Name: j.Name, Size: j.Size, Content: j.Content})
	}
	images, err := r.images(ctx)
	if err != nil {
		return nil, err
	}
	if len(images) == 0 {
		spark, err := localrun.FindSpark(ctx, r.env.Getenv)
		if err != nil {
			return nil, err
		}
		return r.tables(ctx, nil, w, trial.Table{On: spark.Name()}, spark.Target(r.in.Published), spark.Run)
	}
	var tables []trial.Table
	for _, i := range images {
		if tables, err = r.tables(ctx, tables, w, trial.Table{On: i.Name(), Glue: i.Glue}, i.Target(r.plan), i.Run); err != nil {
			break
		}
	}
	return tables, err
}

// tables adds the table of what one runtime makes of some work.
func (r *run) tables(ctx context.Context, tables []trial.Table, w localrun.Work, t trial.Table, target trial.Target,
	run func(context.Context, localrun.Work) ([]trial.Attempt, error)) ([]trial.Table, error) {
	trials, skipped := r.plan.Trials(target)
	w.Trials = trials
	attempts, err := run(ctx, w)
	if attempts == nil && len(trials) > 0 {
		return tables, err // none was begun
	}
	t.Runner, t.Kind, t.Published = trial.Local, r.plan.Kind, target.Published
	t.Outcomes = trial.Judged(trials, attempts, skipped)
	return append(tables, t), err
}

// newestImage is the newest version of Glue that AWS has an image of.
const newestImage = "5.0"

// images are those to test in, none to take a Spark. Where nothing is asked for,
// they are taken if all of them are here.
func (r *run) images(ctx context.Context) (all []*localrun.Image, err error) {
	if r.in.Runtime == "spark" || r.in.Published {
		return nil, nil
	}
	versions := r.in.Glue
	if len(versions) == 0 {
		versions = r.plan.Versions
	}
	if len(versions) == 0 {
		v, _ := glue.Find(newestImage)
		versions = []glue.Version{v}
	}
	for _, v := range versions {
		i, err := localrun.FindImage(ctx, r.env.Getenv, v.Name, r.in.GlueImage, r.in.Runtime == "glue-image")
		if err != nil || i == nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, nil
}
