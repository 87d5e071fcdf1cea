package localrun

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"glue-connector/internal/trial"
)

// maxLog bounds the log that is kept of one trial, in bytes: its end.
const maxLog = 256 << 10

// batch is the trials that one Spark session runs, one after the other.
type batch struct {
	work *Work
	mask *strings.Replacer
	mark string // begins the lines of run_jobs.py
	// dir is the folder of files as this machine calls it, and inside as the
	// scripts do.
	dir, inside string
	attempts    []trial.Attempt // of the work's trials; those with a State have ended
}

type job struct {
	Name   string   `json:"name"`
	Script string   `json:"script"`
	Args   []string `json:"args"`
}

func newBatch(w *Work, secret map[string]string, dir, inside string) *batch {
	b := &batch{work: w, mask: masker(secret), mark: "glue-connector-job:" + rand.Text(), dir: dir, inside: inside}
	for range w.Trials {
		b.attempts = append(b.attempts, trial.Attempt{Nonce: rand.Text()})
	}
	return b
}

// write writes the scripts, and the list of those that have not run yet.
func (b *batch) write() error {
	for _, d := range []string{"scripts", "results", "scratch"} {
		if err := os.MkdirAll(filepath.Join(b.dir, d), 0o777); err != nil {
			return err
		}
		if err := os.Chmod(filepath.Join(b.dir, d), 0o777); err != nil { // for the image's user
			return err
		}
	}
	var jobs []job
	for i, t := range b.work.Trials {
		if b.attempts[i].State != "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(b.dir, "scripts", t.File()), []byte(t.Script()), 0o644); err != nil {
			return err
		}
		jobs = append(jobs, job{Name: t.Name, Script: path.Join(b.inside, "scripts", t.File()), Args: []string{
			"--JOB_NAME", t.Name, "--nonce", b.attempts[i].Nonce,
			"--result", path.Join(b.inside, "results", t.Name), "--scratch", path.Join(b.inside, "scratch"),
		}})
	}
	text, err := json.Marshal(map[string]any{"mark": b.mark, "jobs": jobs})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.dir, "jobs.json"), text, 0o644)
}

func (b *batch) left() (n int) {
	for _, a := range b.attempts {
		if a.State == "" {
			n++
		}
	}
	return n
}

// running is a started session: Stop ends it at once, with all that it started.
type running struct {
	output io.Reader // until everything has ended
	stop   func()
	wait   func() error // how it ended
}

// run runs all trials. A session that a trial ends, or that is ended since a
// trial takes too long, is followed by another one with those that are left.
func (b *batch) run(ctx context.Context, start func(context.Context) (*running, error)) ([]trial.Attempt, error) {
	for b.left() > 0 {
		if err := b.write(); err != nil {
			return b.attempts, fmt.Errorf("writing the scripts: %w", err)
		}
		before := b.left()
		if err := b.session(ctx, start); err != nil {
			return b.attempts, err
		}
		if ctx.Err() != nil {
			return b.attempts, fmt.Errorf("running the trials: %w", ctx.Err())
		}
		if b.left() == before {
			return b.attempts, errors.New("running the trials: the session ended none")
		}
	}
	return b.attempts, nil
}

// session follows one session to its end.
func (b *batch) session(ctx context.Context, start func(context.Context) (*running, error)) error {
	r, err := start(ctx)
	if err != nil {
		return err
	}
	stopped := context.AfterFunc(ctx, r.stop)
	defer stopped()
	f := &follower{batch: b, current: -1, began: time.Now(), ended: make(chan struct{})}
	go f.read(r.output)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	late := false
	for waiting := true; waiting; {
		select {
		case <-f.ended:
			waiting = false
		case <-tick.C:
			if limit := b.work.Limit; !late && limit > 0 && f.takes() > limit {
				late = true
				r.stop()
			}
		}
	}
	end := r.wait()
	r.stop() // what a script left running
	if ctx.Err() != nil {
		f.cancelled()
	} else {
		f.finish(late, end)
	}
	return nil
}

// result reads what a trial wrote.
func (b *batch) result(name string) []byte {
	file := filepath.Join(b.dir, "results", name)
	if info, err := os.Lstat(file); err != nil || !info.Mode().IsRegular() {
		return nil // a pipe would never end
	}
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(bufio.NewReader(f), 8<<20))
	if err != nil {
		return nil
	}
	// Only what may quote a secret is masked: a password may be test or 5, which
	// the rest of a result is full of.
	var r trial.Result
	if json.NewDecoder(bytes.NewReader(text)).Decode(&r) == nil && r.Error == "" {
		return text
	} else if r.Error != "" {
		r.Error = b.mask.Replace(r.Error)
		if masked, err := json.Marshal(r); err == nil {
			return masked
		}
	}
	return []byte(b.mask.Replace(string(text)))
}
