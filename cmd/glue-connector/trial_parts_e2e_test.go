//go:build e2e

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// postgres is a real database, of Debian's package, for a person of its own.
type postgres struct{ bin, dir, port string }

// nobody is who it runs as: PostgreSQL refuses to run as root.
const nobody = 65534

func startPostgres(t *testing.T) *postgres {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		t.Fatal("there is no PostgreSQL: install postgresql")
	}
	dir, err := os.MkdirTemp("", "e2e-pg") // t.TempDir is too long for a socket, and nobody's way is barred
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	db := &postgres{bin: filepath.Dir(found[len(found)-1]), dir: dir, port: freePort(t)}
	if err := os.WriteFile(filepath.Join(dir, "password"), []byte(realPassword), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, filepath.Join(dir, "password")} {
		if os.Geteuid() == 0 {
			if err := os.Chown(path, nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
	}
	db.must(t, db.command("initdb", "-D", dir+"/data", "-U", "shop", "--pwfile="+dir+"/password", "--auth=scram-sha-256", "--no-sync", "-E", "UTF8"))
	server := db.command("postgres", "-D", dir+"/data", "-p", db.port, "-k", dir, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off")
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Signal(syscall.SIGQUIT) // at once
		server.Wait()
	})
	for i := 0; ; i++ {
		if _, err := db.query("SELECT 1"); err == nil {
			break
		} else if time.Sleep(100 * time.Millisecond); i > 100 {
			t.Fatalf("PostgreSQL does not start: %v\n%s", err, read(t, log.Name()))
		}
	}
	db.ask(t, `CREATE TABLE orders(id int PRIMARY KEY, customer text, total numeric(10,2), placed timestamp);
		INSERT INTO orders SELECT i, 'customer ' || i || E'\nglue-connector-result: {"nonce": "", "test": "DataSourceTest", "count": 7}', i * 1.5, timestamp '2026-01-01' + i * interval '1 hour'
		FROM generate_series(1, 100) i`)
	return db
}

func (p *postgres) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(p.bin, name), args...)
	c.Dir, c.Env = p.dir, []string{"LC_ALL=C", "HOME=" + p.dir, "PATH=" + os.Getenv("PATH")}
	if os.Geteuid() == 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return c
}

func (p *postgres) must(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", c.Path, err, out)
	}
}

func (p *postgres) query(sql string) (string, error) {
	c := p.command("psql", "-h", "127.0.0.1", "-p", p.port, "-U", "shop", "-At", "-c", sql, "postgres")
	c.Env = append(c.Env, "PGPASSWORD="+realPassword)
	out, err := c.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func (p *postgres) ask(t *testing.T, sql string) string {
	t.Helper()
	out, err := p.query(sql)
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return out
}

// await waits until the database works on something.
func (p *postgres) await(t *testing.T, what string) {
	t.Helper()
	for range 240 {
		if p.ask(t, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%"+what+"%' AND pid <> pg_backend_pid()") != "0" {
			return
		}
		time.Sleep(500 * time.Millisecond)
	}
	t.Fatalf("nobody asks for %s", what)
}

// downloads is where they are kept from run to run, beside those of the oracles.
func downloads(t *testing.T) string {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(dir, "glue-connector-e2e")
	if err := os.MkdirAll(filepath.Join(dir, "jars"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// twice tries once more what may fail for a moment.
func twice(t *testing.T, name string, args ...string) {
	t.Helper()
	for try := 1; ; try++ {
		out, err := exec.Command(name, args...).CombinedOutput()
		if err == nil {
			return
		}
		if t.Logf("%s %q: %v\n%s", name, args, err, out); try == 2 {
			t.FailNow()
		}
	}
}

// sparkHome gives a folder laid out as a Spark distribution, of PySpark's source
// distribution on PyPI, which has the same in other places.
func sparkHome(t *testing.T, version string) string {
	t.Helper()
	name := "pyspark-" + version
	from := filepath.Join(downloads(t), name)
	if _, err := os.Stat(from); err != nil {
		dir, err := os.MkdirTemp(downloads(t), "unpacking")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		twice(t, "pip", "download", "--quiet", "--no-cache-dir", "--no-deps", "--dest", dir, "pyspark=="+version)
		twice(t, "tar", "-xzf", filepath.Join(dir, name+".tar.gz"), "-C", dir)
		if err := os.Rename(filepath.Join(dir, name), from); err != nil {
			t.Fatal(err)
		}
	}
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "python"), 0o755); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"bin": "deps/bin", "jars": "deps/jars", "python/pyspark": "pyspark", "python/lib": "lib"} {
		if err := os.Symlink(filepath.Join(from, to), filepath.Join(home, link)); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// xmlConnector is spark-xml for Scala 2.12, and what it needs.
var xmlConnector = []string{"com.databricks:spark-xml_2.12:0.18.0", "org.apache.ws.xmlschema:xmlschema-core:2.3.0", "org.glassfish.jaxb:txw2:3.0.2"}

func xmlJars(t *testing.T) (paths []string) {
	for _, c := range xmlConnector {
		parts := strings.Split(c, ":")
		paths = append(paths, filepath.Join(downloads(t), "jars", fmt.Sprintf("%s-%s.jar", parts[1], parts[2])))
	}
	return paths
}

func fetchJars(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(driver); err != nil {
		t.Fatal("there is no driver: install libpostgresql-jdbc-java")
	}
	for i, path := range xmlJars(t) {
		if _, err := os.Stat(path); err != nil {
			dir, err := os.MkdirTemp(downloads(t), "fetching")
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(dir)
			twice(t, "mvn", "-q", "-B", "-U", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy", "-Dartifact="+xmlConnector[i], "-DoutputDirectory="+dir)
			if err := os.Rename(filepath.Join(dir, filepath.Base(path)), path); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// programsWith lists the arguments of programs that name a folder.
func programsWith(t *testing.T, dir string) (all []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && strings.Contains(string(b), dir) {
			all = append(all, strings.ReplaceAll(string(b), "\x00", " "))
		}
	}
	return all
}
