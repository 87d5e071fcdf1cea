package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// fakePython is a Python with a Spark, as far as the program can tell. It reads
// the scripts that it is given, in place of running them: a table t_7 has seven
// rows with an id, the class com.acme.Missing is not there, no_log writes
// nothing, and slow takes for ever.
func fakePython() {
	if len(os.Args) == 3 && os.Args[1] == "-c" {
		fmt.Println("3.5.6\n/usr/lib/spark")
		return
	}
	var work struct {
		Mark string
		Jobs []struct {
			Name, Script string
			Args         []string
		}
	}
	text, err := os.ReadFile(os.Args[2])
	if err == nil {
		err = json.Unmarshal(text, &work)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Printf("environment %q\narguments %q\n", os.Environ(), os.Args)
	for _, j := range work.Jobs {
		fmt.Printf("\n%s begin %s\n", work.Mark, j.Name)
		fmt.Printf("\n%s end %s %s\n", work.Mark, j.Name, fakeScript(j.Script, j.Args))
	}
}

var rowsOf = regexp.MustCompile(`"(?:SELECT \* FROM )?t_(\d+)"`)

func fakeScript(script string, args []string) string {
	text, err := os.ReadFile(script)
	if err != nil {
		fmt.Println(err)
		return "FAILED"
	}
	given := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		given[args[i]] = args[i+1]
	}
	result := map[string]any{"nonce": given["--nonce"], "test": strings.TrimSuffix(filepath.Base(script), ".py"), "seconds": 0.5}
	state := "SUCCEEDED"
	s := string(text)
	switch m := rowsOf.FindStringSubmatch(s); {
	case strings.Contains(s, `"slow"`):
		time.Sleep(time.Hour)
	case strings.Contains(s, `"no_log"`):
		return "FAILED"
	case strings.Contains(s, "com.acme.Missing"):
		state, result["error"] = "FAILED", "Py4JJavaError: o42.load.\n: java.lang.ClassNotFoundException: com.acme.Missing\n\tat java.base/java.net"
	case m != nil:
		n, _ := strconv.Atoi(m[1])
		if strings.Contains(s, `"1 = 0"`) {
			n = 0
		}
		result["count"], result["back"] = n, n
		result["partitions"] = 1 + 3*strings.Count(s, `"numPartitions"`)
		result["schema"] = []map[string]string{{"name": "id", "type": []string{"int", "string"}[strings.Count(s, `"dataTypeMapping"`)]}}
	}
	b, err := json.Marshal(result)
	if err == nil {
		err = os.WriteFile(given["--result"], b, 0o644)
	}
	if err != nil {
		fmt.Println(err)
		return "FAILED"
	}
	return state
}
