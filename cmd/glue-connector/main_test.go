package main

import (
	"archive/zip"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"glue-connector/internal/fake"
)

func TestMain(m *testing.M) {
	// Most tests of this package wait for a program: more may run at a time than
	// there are processors. Run as the program, the flags are the program's.
	if name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe"); name != "glue-connector" && name != "fake-python" {
		flag.Parse()
		if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
			flag.Set("test.parallel", "6")
		}
	}
	testscript.Main(m, map[string]func(){"glue-connector": main, "fake-python": fakePython})
}

// A script runs the real program, in an empty folder, against a world of its
// own: AWS and a registry with ECR's manners, on the wire.
func TestScripts(t *testing.T) {
	testscript.Run(t, scripts())
}

func scripts() testscript.Params {
	return testscript.Params{
		Dir:                 "../../testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"jar": makeJar, "repository": makeRepository, "seed": seed, "stored": stored, "tags": tags,
			"uploaded": uploaded, "requests": requests, "fault": fault, "deny": deny, "outputs": outputs, "demo": demo,
			"image": makeImage, "referrers": referrers, "pull": pull, "token": token, "comments": comments, "say": say,
			"idtoken": idToken, "idtokens": idTokens, "idprovider": idProvider, "role": makeRole, "nosecrets": noSecrets, "policy": policy, "glue": glue, "gluejobs": glueJobs,
			"product": makeProduct, "products": products, "wrong": writeWrong, "approve": approve, "versions": versions, "changesets": changeSets, "slow": slow, "end": end, "elsewhere": lockElsewhere, "release": makeRelease, "iam": iam,
		},
	}
}

type worldKey struct{}

func setup(env *testscript.Env) error {
	w, err := fake.New(fake.WithBlobRedirects())
	if err != nil {
		return err
	}
	env.Defer(w.Close)
	env.Values[worldKey{}] = w
	root, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	env.Vars = append(env.Vars, w.Env()...)
	env.Vars = append(env.Vars,
		"ROOT="+root,
		"ENTERPRISE="+w.EnterpriseURL(),
		"OWN=123456789012.dkr.ecr.us-east-1.amazonaws.com",
		"MARKETPLACE=709825985650.dkr.ecr.us-east-1.amazonaws.com",
		"FORMATS=username_password=jdbc:demo://${host}?user=${Username}&password=${Password}",
	)
	return nil
}

func world(ts *testscript.TestScript) *fake.World { return ts.Value(worldKey{}).(*fake.World) }

// demo: copies the demo connector into the folder.
func demo(ts *testscript.TestScript, _ bool, _ []string) {
	for from, to := range map[string]string{"config.json": "config.json", "jars/demo-jdbc-1.0.0.jar": "jars/demo-jdbc-1.0.0.jar"} {
		b, err := os.ReadFile(filepath.Join(ts.Getenv("ROOT"), "testdata/demo", from))
		ts.Check(err)
		full := ts.MkAbs(to)
		ts.Check(os.MkdirAll(filepath.Dir(full), 0o755))
		ts.Check(os.WriteFile(full, b, 0o644))
	}
}

// jar PATH ENTRY...: makes a jar with these entries.
func makeJar(ts *testscript.TestScript, _ bool, args []string) {
	name, err := strconv.Unquote(`"` + args[0] + `"`)
	ts.Check(err)
	full := ts.MkAbs(name)
	ts.Check(os.MkdirAll(filepath.Dir(full), 0o755))
	f, err := os.Create(full)
	ts.Check(err)
	defer f.Close()
	z := zip.NewWriter(f)
	for _, e := range args[1:] {
		w, err := z.Create(e)
		ts.Check(err)
		fmt.Fprintln(w, e)
	}
	ts.Check(z.Close())
}

// repository ACCOUNT REGION NAME [immutable]
func makeRepository(ts *testscript.TestScript, _ bool, args []string) {
	world(ts).CreateRepository(args[0], args[1], args[2], len(args) > 3)
}

// place divides HOST/REPOSITORY:REFERENCE.
func place(ts *testscript.TestScript, s string) (host, repository, reference string) {
	host, rest, ok := strings.Cut(s, "/")
	repository, reference, ok2 := strings.Cut(rest, ":")
	if !ok || !ok2 {
		ts.Fatalf("no image: %s", s)
	}
	return host, repository, reference
}

// seed IMAGE MEDIATYPE FILE: puts a manifest into the registry.
func seed(ts *testscript.TestScript, _ bool, args []string) {
	host, repository, tag := place(ts, args[0])
	world(ts).PutManifest(host, repository, tag, args[1], []byte(ts.ReadFile(args[2])))
}

// stored IMAGE: prints the manifest that the registry holds, and fails if it
// holds none; with !, fails if it holds one.
func stored(ts *testscript.TestScript, neg bool, args []string) {
	host, repository, reference := place(ts, args[0])
	raw, mediaType, ok := world(ts).Manifest(host, repository, reference)
	if ok == neg {
		ts.Fatalf("stored %s: %v", args[0], ok)
	}
	fmt.Fprintf(ts.Stdout(), "%s\n%s\n", mediaType, raw)
}

// tags HOST/REPOSITORY: prints the tags.
func tags(ts *testscript.TestScript, _ bool, args []string) {
	host, repository, _ := strings.Cut(args[0], "/")
	fmt.Fprintln(ts.Stdout(), strings.Join(world(ts).Tags(host, repository), "\n"))
}

// uploaded nothing|something: what has been uploaded since the last call.
func uploaded(ts *testscript.TestScript, _ bool, args []string) {
	now := world(ts).UploadedBytes()
	before, _ := strconv.ParseInt(ts.Getenv("UPLOADED"), 10, 64)
	ts.Setenv("UPLOADED", fmt.Sprint(now))
	if (now > before) != (args[0] == "something") {
		ts.Fatalf("%d bytes were uploaded", now-before)
	}
}

// requests: prints how many requests left the program, and each of them.
func requests(ts *testscript.TestScript, _ bool, _ []string) {
	fmt.Fprintln(ts.Stdout(), len(world(ts).Requests()), "requests")
	for _, r := range world(ts).Requests() {
		fmt.Fprintln(ts.Stdout(), r.Method, r.Host+r.Path, r.Target)
	}
}

// fault N METHOD PATH STATUS [BODY]: answers the next N requests of a method
// whose path holds PATH with a status; the status "reset" drops the connection.
func fault(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	var left atomic.Int64
	left.Store(n)
	world(ts).Intercept(func(r *http.Request) http.Handler {
		if r.Method != args[1] || !strings.Contains(r.URL.Path, args[2]) || left.Add(-1) < 0 {
			return nil
		}
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			status, err := strconv.Atoi(args[3])
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			w.WriteHeader(status)
			if len(args) > 4 {
				body, _ := strconv.Unquote(`"` + args[4] + `"`)
				fmt.Fprint(w, body)
			}
		})
	})
}

// deny ACTION: AWS refuses the action from now on.
func deny(ts *testscript.TestScript, _ bool, args []string) { world(ts).Deny(args[0]) }

// pull REPOSITORY NUMBER HEAD BRANCH SHA: opens a pull request.
func pull(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	world(ts).CreatePullRequest(fake.PullRequest{Repository: args[0], Number: n, HeadRepository: args[2], HeadBranch: args[3], HeadSHA: args[4]})
}

// token LOGIN [read]: makes a token, which the action gets.
func token(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv("INPUT_GITHUB-TOKEN", world(ts).GitHubToken(args[0], len(args) == 1))
}

// say REPOSITORY NUMBER LOGIN TEXT: somebody comments.
func say(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	world(ts).AddComment(args[0], n, args[2], args[3])
}

// comments REPOSITORY NUMBER: prints how many comments a pull request has, and
// each of them.
func comments(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	all := world(ts).Comments(args[0], n)
	fmt.Fprintln(ts.Stdout(), len(all), "comments")
	for _, c := range all {
		fmt.Fprintf(ts.Stdout(), "== %s, edited %d times\n%s\n", c.Author, c.Edits, c.Body)
	}
}

// outputs FILE: reads the runner's file of outputs by the runner's grammar and
// prints name=value lines.
func outputs(ts *testscript.TestScript, _ bool, args []string) {
	all, err := parseOutputs(ts.ReadFile(args[0]))
	ts.Check(err)
	for _, o := range all {
		fmt.Fprintf(ts.Stdout(), "%s=%s\n", o[0], strings.ReplaceAll(o[1], "\n", `\n`))
	}
}

// parseOutputs reads a file of outputs by the runner's grammar, of which we use
// the form of heredocs only.
func parseOutputs(text string) (all [][2]string, err error) {
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		if lines[i] == "" {
			continue
		}
		eq, heredoc := strings.Index(lines[i], "="), strings.Index(lines[i], "<<")
		if heredoc < 0 || eq >= 0 && eq < heredoc {
			return nil, fmt.Errorf("line %d is no heredoc: %q", i+1, lines[i])
		}
		name, delimiter := lines[i][:heredoc], lines[i][heredoc+2:]
		var value []string
		for i++; i < len(lines) && lines[i] != delimiter; i++ {
			value = append(value, lines[i])
		}
		if i == len(lines) {
			return nil, fmt.Errorf("output %s is not closed", name)
		}
		all = append(all, [2]string{name, strings.Join(value, "\n")})
	}
	return all, nil
}
