package jar

import (
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// lister opens the files of args[0], each as a jar, and prints for each whether
// that works, how many entries there are, whether it is a multi-release jar, and
// what the JVM reads of each entry that is named in the file beside it.
const lister = `
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.jar.*;
public class Lister {
	static String read(JarFile jar, String name) {
		JarEntry entry = jar.getJarEntry(name);
		if (entry == null) return "-";
		try (InputStream in = jar.getInputStream(entry)) {
			return "+" + HexFormat.of().formatHex(in.readNBytes(1 << 16));
		} catch (IOException | RuntimeException e) {
			return "!";
		}
	}
	public static void main(String[] args) throws Exception {
		File[] files = new File(args[0]).listFiles((dir, name) -> name.endsWith(".jar"));
		Arrays.sort(files);
		for (File file : files) {
			StringBuilder out = new StringBuilder(file.getName());
			try (JarFile jar = new JarFile(file, false, JarFile.OPEN_READ, Runtime.Version.parse("17"))) {
				out.append(" opens ").append(jar.size()).append(' ').append(jar.isMultiRelease());
				for (String line : Files.readAllLines(Path.of(file.getPath() + ".names"))) {
					String name = new String(HexFormat.of().parseHex(line), StandardCharsets.UTF_8);
					out.append(' ').append(line).append('=').append(read(jar, name));
				}
			} catch (Throwable e) {
				out.append(" refused");
			}
			System.out.println(out);
		}
	}
}
`

// TestJVM holds Read and Open against java.util.jar.JarFile.
func TestJVM(t *testing.T) {
	for _, tool := range []string{"javac", "java"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool, "is not here")
		}
	}
	dir := t.TempDir()
	write := func(name string, content []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i, o := range oddArchives() {
		name := fmt.Sprintf("%03d.jar", i)
		write(name, o.bytes)
		write(name+".names", []byte(strings.Join(o.hexNames(), "\n")))
	}
	write("Lister.java", []byte(lister))
	run := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Stderr = &strings.Builder{} // the JDK also warns
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, cmd.Stderr)
		}
		return string(out)
	}
	run("javac", "-d", dir, filepath.Join(dir, "Lister.java"))
	lines := strings.Split(strings.TrimSpace(run("java", "-cp", dir, "Lister", dir)), "\n")
	if len(lines) != len(oddArchives()) {
		t.Fatalf("%d answers about %d archives, the last %.200s", len(lines), len(oddArchives()), lines[len(lines)-1])
	}
	for i, o := range oddArchives() {
		t.Run(strings.ReplaceAll(o.name, " ", "_"), func(t *testing.T) { o.compare(t, strings.Fields(lines[i])) })
	}
}

// compare holds what is found in an archive against the JVM's line about it.
func (o odd) compare(t *testing.T, jvm []string) {
	a := read(o.bytes)
	if opens := jvm[1] == "opens"; opens != a.Readable() && o.differ {
		return
	} else if opens != a.Readable() {
		t.Fatalf("the JVM %s it; defects %+v", jvm[1], a.Defects)
	} else if !opens {
		return
	}
	if want := fmt.Sprint(a.Entries, " ", a.Manifest.MultiRelease); strings.Join(jvm[2:4], " ") != want {
		t.Errorf("the JVM counts %s, here %s", jvm[2:4], want)
	}
	sound := len(a.Defects) == 0
	for i, name := range o.names {
		_, theirs, _ := strings.Cut(jvm[4+i], "=")
		taken, _ := a.EntryFor(name, 17)
		b, defect := a.Open(taken, 1<<16)
		ours := "+" + hex.EncodeToString(b)
		switch {
		case defect == nil:
		case defect.Code == NotFound:
			ours = "-"
		case defect.Code == Corrupt && theirs != "-", defect.Code == Checksum && theirs[0] == '+':
			// Other bytes than meant, if any: those are not given out.
			continue
		default:
			ours = "!"
		}
		if ours != theirs {
			t.Errorf("%q: the JVM has %s, here it is %s, %v", name, theirs, ours, defect)
		}
		if sound && theirs[0] == '!' {
			t.Errorf("%q: the JVM cannot read it, and there is no defect", name)
		}
	}
	if sound == o.defective {
		t.Errorf("defects %+v", a.Defects)
	}
}
