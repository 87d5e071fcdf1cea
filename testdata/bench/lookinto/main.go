// Lookinto compares a command that looks into jars, such as glue-connector check, with the least
// that a program could do: read all central directories and the header of each class (version,
// this, super, interfaces) with the standard library.
//
//	go run lookinto/main.go [-r ROUNDS] [-e RATIO] [-m MIB] DIR COMMAND ARGUMENT...
//
// Both look into the jars of DIR, in turn. Printed are the medians of the time, their ratio and the
// highest memory; only the ratio means something on another machine. With -e and -m it fails when
// the command takes more than RATIO of the reader's time, or more memory than MIB. The command may
// exit with 1: it found something.
package main

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// read looks into all jars of a folder, as many at a time as there are processors, and counts the
// classes.
func read(dir string) (int, error) {
	jars, err := filepath.Glob(filepath.Join(dir, "*.jar"))
	if err != nil {
		return 0, err
	}
	counts := make([]int, len(jars))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range jars {
		group.Go(func() (err error) {
			counts[i], err = readJar(name)
			return err
		})
	}
	err = group.Wait()
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum, err
}

func readJar(name string) (classes int, err error) {
	jar, err := zip.OpenReader(name)
	if err != nil {
		return 0, err
	}
	defer jar.Close()
	in := bufio.NewReader(nil)
	for _, f := range jar.File {
		if !strings.HasSuffix(f.Name, ".class") {
			continue
		}
		content, err := f.Open()
		if err != nil {
			return 0, err
		}
		in.Reset(content)
		if err := readHeader(in); err != nil {
			return 0, fmt.Errorf("%s: %s: %w", name, f.Name, err)
		}
		content.Close()
		classes++
	}
	return classes, nil
}

// readHeader reads a class file up to its interfaces (JVM Specification, 4.1).
func readHeader(in *bufio.Reader) error {
	head := make([]byte, 10)
	if _, err := io.ReadFull(in, head); err != nil {
		return err
	}
	if binary.BigEndian.Uint32(head) != 0xcafebabe {
		return errors.New("no class")
	}
	// Bytes behind the tag of each kind of constant.
	sizes := [...]int{3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}
	for n := int(binary.BigEndian.Uint16(head[8:])); n > 1; n-- {
		tag, err := in.ReadByte()
		if err != nil {
			return err
		}
		if int(tag) >= len(sizes) {
			return fmt.Errorf("a constant of tag %d", tag)
		}
		size := sizes[tag]
		switch tag {
		case 1:
			length, err := in.Peek(2)
			if err != nil {
				return err
			}
			size = 2 + int(binary.BigEndian.Uint16(length))
		case 5, 6:
			n--
		}
		if _, err := in.Discard(size); err != nil {
			return err
		}
	}
	if _, err := io.ReadFull(in, head[:8]); err != nil {
		return err
	}
	_, err := in.Discard(2 * int(binary.BigEndian.Uint16(head[6:])))
	return err
}

// measured is one run.
type measured struct {
	time   time.Duration
	memory int64 // KiB
}

func measure(name string, args ...string) (measured, error) {
	cmd := exec.Command(name, args...)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(start)
	if err != nil && cmd.ProcessState.ExitCode() != 1 {
		return measured{}, fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return measured{took, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss}, nil
}

func summary(runs []measured) (median time.Duration, mib float64) {
	slices.SortFunc(runs, func(a, b measured) int { return int(a.time - b.time) })
	most := slices.MaxFunc(runs, func(a, b measured) int { return int(a.memory - b.memory) })
	return runs[len(runs)/2].time, float64(most.memory) / 1024
}

func run(rounds int, maxRatio, maxMiB float64, dir string, command []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var reader, theirs []measured
	for range rounds {
		m, err := measure(self, "-read", dir)
		if err != nil {
			return err
		}
		reader = append(reader, m)
		if m, err = measure(command[0], command[1:]...); err != nil {
			return err
		}
		theirs = append(theirs, m)
	}
	readerTime, readerMiB := summary(reader)
	theirTime, theirMiB := summary(theirs)
	ratio := float64(theirTime) / float64(readerTime)
	fmt.Printf("| | s | peak MiB |\n|---|---|---|\n| minimal reader | %.3f | %.1f |\n| %s | %.3f | %.1f |\n\nratio %.2f\n",
		readerTime.Seconds(), readerMiB, filepath.Base(command[0]), theirTime.Seconds(), theirMiB, ratio)
	if maxRatio > 0 && ratio > maxRatio || maxMiB > 0 && theirMiB > maxMiB {
		return fmt.Errorf("the limits are %g of the reader's time and %g MiB", maxRatio, maxMiB)
	}
	return nil
}

func main() {
	only := flag.Bool("read", false, "be the minimal reader")
	rounds := flag.Int("r", 5, "rounds")
	ratio := flag.Float64("e", 0, "highest ratio")
	mib := flag.Float64("m", 0, "highest memory in MiB")
	flag.Parse()
	var err error
	switch {
	case *only:
		var n int
		n, err = read(flag.Arg(0))
		fmt.Println(n, "classes")
	case flag.NArg() < 2 || *rounds < 1:
		flag.Usage()
		os.Exit(2)
	default:
		err = run(*rounds, *ratio, *mib, flag.Arg(0), flag.Args()[1:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "lookinto:", err)
		os.Exit(1)
	}
}
