package localrun

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"glue-connector/internal/trial"
)

//go:embed python
var python embed.FS

// Spark is a Spark found on this machine.
type Spark struct {
	Version string // 3.5.6
	home    string // SPARK_HOME
	python  string
	path    string // PYTHONPATH
	java    string // JAVA_HOME, "" if java is in PATH
	env     []string
}

// FindSpark finds the Spark of SPARK_HOME, of a spark-submit in PATH, or of a
// python3 that has PySpark, in this order. Its error has a hint.
func FindSpark(ctx context.Context, getenv func(string) string) (*Spark, error) {
	s := &Spark{home: getenv("SPARK_HOME"), java: getenv("JAVA_HOME"), python: getenv("PYSPARK_PYTHON")}
	lost := func(what string, err error) error {
		return &Error{what: what, err: err, hint: "Install Spark with pip install pyspark==3.5.6, and a JDK; or set SPARK_HOME. The action's container has no Python: use local-runtime: glue-image there."}
	}
	if s.python == "" {
		s.python = "python3"
	}
	full, err := exec.LookPath(s.python)
	if err != nil {
		return nil, lost("finding Python", err)
	}
	s.python = full
	if s.home == "" {
		s.home = homeOf("spark-submit")
	}
	if s.home != "" {
		s.path = packages(s.home)
		zips, _ := filepath.Glob(filepath.Join(s.home, "python", "lib", "py4j-*-src.zip"))
		s.path = strings.Join(append([]string{s.path}, zips...), string(os.PathListSeparator))
	}
	for _, name := range []string{"PATH", "LANG", "TZ", "SYSTEMROOT"} {
		if v := getenv(name); v != "" {
			s.env = append(s.env, name+"="+v)
		}
	}
	if s.java != "" {
		s.env = append(s.env, "JAVA_HOME="+s.java)
	} else if _, err := exec.LookPath("java"); err != nil {
		return nil, lost("finding Java", err)
	}
	if err := s.ask(ctx); err != nil {
		return nil, lost("finding Spark", err)
	}
	return s, nil
}

// packages is where a Spark has its Python package: below python, but for one that
// pip has installed, which is a package itself.
func packages(home string) string {
	below := filepath.Join(home, "python")
	if _, err := os.Stat(filepath.Join(below, "pyspark", "__init__.py")); err == nil {
		return below
	}
	if _, err := os.Stat(filepath.Join(home, "__init__.py")); err == nil {
		return filepath.Dir(home)
	}
	return below
}

// homeOf is the SPARK_HOME of a spark-submit in PATH, "" if there is none, or if
// it is a script of a Python package, which python3 finds itself.
func homeOf(program string) string {
	full, err := exec.LookPath(program)
	if err != nil {
		return ""
	}
	if full, err = filepath.EvalSymlinks(full); err != nil {
		return ""
	}
	home := filepath.Dir(filepath.Dir(full))
	if info, err := os.Stat(filepath.Join(home, "jars")); err != nil || !info.IsDir() {
		return ""
	}
	if info, err := os.Stat(filepath.Join(home, "python", "lib")); err != nil || !info.IsDir() {
		return ""
	}
	return home
}

// ask has Python say which Spark it finds.
func (s *Spark) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, s.python, "-c", "import os, pyspark; print(pyspark.__version__); print(os.path.dirname(pyspark.__file__))")
	c.Env = append(s.env[:len(s.env):len(s.env)], "PYTHONPATH="+s.path)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		return fmt.Errorf("asking %s for PySpark: %w: %s", s.python, err, lastLine(errs.String()))
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		return errors.New("PySpark does not say where it is")
	}
	s.Version = strings.TrimSpace(lines[0])
	if s.home == "" {
		s.home = strings.TrimSpace(lines[1])
	}
	return nil
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

// Name says what it is. It is not Glue.
func (s *Spark) Name() string { return "plain Spark " + s.Version }

// Target is what trials for it are made for.
func (s *Spark) Target(published bool) trial.Target {
	return trial.Target{Runner: trial.Local, Published: published, NoAthena: "plain Spark has no reader for Athena connectors: Glue's image has"}
}

// Run runs the trials of some work. What it brings back is in the order of the
// trials, also if it fails in the middle.
func (s *Spark) Run(ctx context.Context, w Work) ([]trial.Attempt, error) {
	secret, err := w.secret()
	if err != nil {
		return nil, err
	}
	if len(secret) == 0 && w.Plan.Secret.ID != "" {
		return nil, &Error{what: "the plan's secret is in AWS Secrets Manager, which plain Spark does not reach",
			hint: "Name environment variables, too: secret: {id: …, env: {username: DB_USER, password: DB_PASSWORD}}."}
	}
	known, err := w.standIn(secret)
	if err != nil {
		return nil, fmt.Errorf("preparing the trials: %w", err)
	}
	dir, err := os.MkdirTemp("", "glue-connector-test-")
	if err != nil {
		return nil, fmt.Errorf("preparing the trials: %w", err)
	}
	defer remove(dir)
	jars, err := s.prepare(dir, w.Jars)
	if err != nil {
		return nil, fmt.Errorf("preparing the trials: %w", err)
	}
	b := newBatch(&w, secret, dir, dir)
	return b.run(ctx, func(context.Context) (*running, error) {
		c := exec.Command(s.python, filepath.Join(dir, "python", "run_jobs.py"), filepath.Join(dir, "jobs.json"))
		c.Dir = w.Dir
		c.Env = append(s.environment(dir, jars), "GLUE_CONNECTOR_STAND_IN="+known)
		return start(c)
	})
}

// prepare fills a folder: the stand-in, the jars, and what Spark writes into.
func (s *Spark) prepare(dir string, jars []Jar) ([]string, error) {
	for _, d := range []string{"home", "tmp", "jars"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
			return nil, err
		}
	}
	err := fs.WalkDir(python, "python", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if d.IsDir() {
			return os.Mkdir(to, 0o755)
		}
		text, err := python.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o644)
	})
	if err != nil {
		return nil, err
	}
	return copyJars(filepath.Join(dir, "jars"), jars)
}

// quickJVM does without the second compiler, which costs a short program more
// time than it saves: a plan takes a third of the time.
const quickJVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

// environment is all that the process gets of this machine's. Secrets are in
// the environment and never among the arguments, which every user can see.
func (s *Spark) environment(dir string, jars []string) []string {
	conf := []string{
		"--master", "local[2]", "--driver-memory", "1g",
		"--conf", "spark.ui.enabled=false", "--conf", "spark.ui.showConsoleProgress=false",
		"--conf", "spark.driver.host=127.0.0.1", "--conf", "spark.driver.bindAddress=127.0.0.1",
		"--conf", "spark.local.dir=" + filepath.Join(dir, "tmp"), "--conf", "spark.sql.warehouse.dir=" + filepath.Join(dir, "warehouse"),
		"--conf", "spark.sql.catalogImplementation=in-memory",
		"--conf", "spark.driver.extraJavaOptions=-Djava.io.tmpdir=" + filepath.Join(dir, "tmp") + " " + quickJVM,
	}
	if len(jars) > 0 {
		conf = append(conf, "--jars", strings.Join(jars, ","))
	}
	for i := range conf {
		conf[i] = "'" + conf[i] + "'" // read like a shell's words; a jar's name with ' in it is refused before
	}
	return append(s.env[:len(s.env):len(s.env)],
		"SPARK_HOME="+s.home, "PYSPARK_PYTHON="+s.python, "SPARK_LOCAL_IP=127.0.0.1",
		"PYTHONPATH="+filepath.Join(dir, "python")+string(os.PathListSeparator)+s.path, "PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1",
		"HOME="+filepath.Join(dir, "home"), "TMPDIR="+filepath.Join(dir, "tmp"),
		"PYSPARK_SUBMIT_ARGS="+strings.Join(conf, " ")+" pyspark-shell",
	)
}

// remove deletes a folder, into which what was just killed may still write.
func remove(dir string) {
	for range 20 {
		if os.RemoveAll(dir) == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}
