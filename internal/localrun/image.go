package localrun

import (
	"archive/tar"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"glue-connector/internal/trial"
)

// images are AWS's images of Glue's runtime, by Glue version:
// https://docs.aws.amazon.com/glue/latest/dg/develop-local-docker-image.html
// There is none of 5.1 and of 6.0 (awslabs/aws-glue-libs#254).
var images = map[string]string{
	"3.0": "public.ecr.aws/glue/aws-glue-libs:glue_libs_3.0.0_image_01",
	"4.0": "public.ecr.aws/glue/aws-glue-libs:glue_libs_4.0.0_image_01",
	"5.0": "public.ecr.aws/glue/aws-glue-libs:5",
}

// Image is AWS's image of a Glue version, in a Docker engine on this machine.
type Image struct {
	Glue   string // the version
	name   string
	engine *engine
}

// FindImage finds AWS's image of a Glue version, or another one that is named in
// its place, and has the engine pull it if that is wanted: about 7 GB. It is nil
// if there is none on this machine.
func FindImage(ctx context.Context, getenv func(string) string, version, named string, pull bool) (*Image, error) {
	name, ok := images[version]
	if named != "" {
		name, ok = named, true
	}
	if !ok && !pull {
		return nil, nil
	}
	if !ok {
		return nil, &Error{what: "AWS has no image of Glue " + version, hint: "There are images of Glue 3.0, 4.0 and 5.0. Name one of those in glue-versions, or test with runner: glue or local-runtime: spark."}
	}
	lost := func(err error) error {
		return &Error{what: "finding " + name, err: err, hint: "Start a Docker engine, or use local-runtime: spark."}
	}
	e, err := newEngine(getenv)
	if err != nil {
		return nil, lost(err)
	}
	has, err := e.has(ctx, name)
	switch {
	case err != nil && !pull:
		return nil, nil
	case err != nil:
		return nil, lost(err)
	case !has && !pull:
		return nil, nil
	case !has:
		if err := e.pull(ctx, name); err != nil {
			return nil, lost(err)
		}
	}
	return &Image{Glue: version, name: name, engine: e}, nil
}

// Name says what it is. What an image other than AWS's has in it, nobody knows.
func (i *Image) Name() string {
	if i.name != images[i.Glue] {
		return "image " + i.name + ", in place of Glue " + i.Glue + "'s"
	}
	return "Glue " + i.Glue + "'s local image"
}

// Target is what trials for it are made for.
func (i *Image) Target(p *trial.Plan) trial.Target {
	return trial.Target{Runner: trial.Local, Environment: len(p.Secret.Env) > 0, NoCatalog: "the image reaches a Data Catalog with AWS credentials only, and gets none"}
}

// inside is the folder of scripts in a container.
const inside = "/tmp/glue-connector"

// Run runs the trials of some work in containers of the image, which share this
// machine's network, so that 127.0.0.1 in a URL is the same for them.
func (i *Image) Run(ctx context.Context, w Work) ([]trial.Attempt, error) {
	secret, err := w.secret()
	if err != nil {
		return nil, err
	}
	if len(secret) == 0 && w.Plan.Secret.ID != "" {
		return nil, &Error{what: "the plan's secret is in AWS Secrets Manager, for which the image gets no credentials",
			hint: "Name environment variables, too: secret: {id: …, env: {username: DB_USER, password: DB_PASSWORD}}."}
	}
	dir, err := os.MkdirTemp("", "glue-connector-test-")
	if err != nil {
		return nil, fmt.Errorf("preparing the trials: %w", err)
	}
	defer remove(dir)
	if err := os.Mkdir(filepath.Join(dir, "jars"), 0o755); err != nil {
		return nil, fmt.Errorf("preparing the trials: %w", err)
	}
	if _, err := copyJars(filepath.Join(dir, "jars"), w.Jars); err != nil {
		return nil, fmt.Errorf("preparing the trials: %w", err)
	}
	program, err := python.ReadFile("python/run_jobs.py")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "run_jobs.py"), program, 0o644)
	}
	if err != nil {
		return nil, fmt.Errorf("preparing the trials: %w", err)
	}
	return newBatch(&w, secret, dir, inside).run(ctx, func(ctx context.Context) (*running, error) { return i.start(ctx, &w, dir) })
}

// start starts a container with a copy of the folder in it.
func (i *Image) start(ctx context.Context, w *Work, dir string) (_ *running, err error) {
	c := container{Image: i.name, Tty: true, Labels: map[string]string{"glue-connector": "test"}, Env: []string{"AWS_REGION=us-east-1", "PYTHONUNBUFFERED=1"}}
	c.HostConfig.NetworkMode = "host"
	for _, v := range w.Plan.Secret.Env {
		c.Env = append(c.Env, v.Value+"="+w.Getenv(v.Value))
	}
	c.Cmd = []string{"spark-submit", "--master", "local[2]", "--conf", "spark.ui.enabled=false", "--conf", "spark.ui.showConsoleProgress=false",
		"--driver-java-options", quickJVM}
	var jars []string
	for _, j := range w.Jars {
		jars = append(jars, path.Join(inside, "jars", j.Name))
	}
	if len(jars) > 0 {
		c.Cmd = append(c.Cmd, "--jars", strings.Join(jars, ","))
	}
	c.Cmd = append(c.Cmd, path.Join(inside, "run_jobs.py"), path.Join(inside, "jobs.json"))
	id, err := i.engine.create(ctx, c)
	if err != nil {
		return nil, &Error{what: "making a container of " + i.name, err: err, hint: "Look at the Docker engine."}
	}
	// A run that is stopped removes it, too.
	stop := sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_ = i.engine.remove(ctx, id) // nothing better is left to do
	})
	defer func() {
		if err != nil {
			stop()
			err = &Error{what: "starting a container of " + i.name, err: err, hint: "Look at the Docker engine."}
		}
	}()
	packed, unpack := io.Pipe()
	go func() { unpack.CloseWithError(pack(unpack, dir, path.Base(inside))) }()
	if err := i.engine.copyTo(ctx, id, path.Dir(inside), packed); err != nil {
		return nil, err
	}
	if err := i.engine.start(ctx, id); err != nil {
		return nil, err
	}
	output, err := i.engine.follow(ctx, id)
	if err != nil {
		return nil, err
	}
	return &running{output: output, stop: stop, wait: func() error {
		defer output.Close()
		return i.engine.wait(ctx, id)
	}}, nil
}

// pack writes a folder as a tar that lies under another name. Everybody may
// write into its folders: who the image's user is, it knows itself.
func pack(to io.Writer, dir, name string) error {
	t := tar.NewWriter(to)
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		h := &tar.Header{Name: path.Join(name, filepath.ToSlash(rel)), Mode: 0o644, Typeflag: tar.TypeReg}
		if d.IsDir() {
			h.Mode, h.Typeflag = 0o777, tar.TypeDir
			return t.WriteHeader(h)
		}
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		h.Size = info.Size()
		if err := t.WriteHeader(h); err != nil {
			return err
		}
		_, err = io.Copy(t, f)
		return err
	})
	if err != nil {
		return err
	}
	return t.Close()
}
