package localrun

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"glue-connector/internal/trial"
)

// follower reads a session's output and divides it into the logs of trials.
type follower struct {
	*batch
	ended chan struct{} // closed at the end of the output

	lock    sync.Mutex
	current int       // the trial that runs, -1 for none
	began   time.Time // of it, or of the session
	any     bool      // one has begun
	tail    tail
}

// takes is how long the trial that runs, or the start, has taken.
func (f *follower) takes() time.Duration {
	f.lock.Lock()
	defer f.lock.Unlock()
	return time.Since(f.began)
}

// maxLine bounds a line that is read as one, in bytes.
const maxLine = 64 << 10

func (f *follower) read(output io.Reader) {
	defer close(f.ended)
	lines := bufio.NewReaderSize(output, maxLine)
	for {
		line, err := lines.ReadSlice('\n')
		if len(line) > 0 {
			f.line(string(line))
		}
		if err != nil && err != bufio.ErrBufferFull {
			return
		}
	}
}

// line is one of the output's lines: the marks of run_jobs.py say whose it is.
func (f *follower) line(line string) {
	f.lock.Lock()
	defer f.lock.Unlock()
	words := strings.Fields(line)
	if len(words) < 3 || words[0] != f.mark {
		f.tail.add(f.mask.Replace(line))
		return
	}
	i := -1
	for n, t := range f.work.Trials {
		if t.Name == words[2] {
			i = n
		}
	}
	switch {
	case i < 0:
	case words[1] == "begin":
		// What Spark said at its start stays in the first one's log.
		f.current, f.began, f.any = i, time.Now(), true
		if f.work.Began != nil {
			f.work.Began(f.work.Trials[i].Name)
		}
	case words[1] == "end" && len(words) == 4 && i == f.current:
		f.end(i, trial.State(words[3]), "")
	}
}

// end records how a trial ended.
func (f *follower) end(i int, s trial.State, message string) {
	a := &f.attempts[i]
	a.State, a.Message = s, message
	a.Log = f.tail.String()
	a.Seconds = time.Since(f.began).Round(time.Millisecond).Seconds()
	a.Object = f.result(f.work.Trials[i].Name)
	f.tail, f.current, f.began = tail{}, -1, time.Now()
}

// finish says what became of the trial that ran when the session ended. Where
// none has begun, none would: they all start with the same jars.
func (f *follower) finish(late bool, end error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	state, message := trial.Failed, "the process ended in the middle of the script"
	switch {
	case late:
		state, message = trial.Timeout, fmt.Sprintf("not ended within %s", f.work.Limit)
	case end != nil:
		message = "the process ended: " + end.Error()
	}
	if f.current >= 0 {
		f.end(f.current, state, message)
		return
	}
	for i, a := range f.attempts {
		if a.State == "" && !f.any {
			f.end(i, state, message)
			f.tail = tail{[]byte(f.attempts[i].Log)}
		}
	}
}

// cancelled records that the trial that ran was stopped; those that had not
// begun have no state.
func (f *follower) cancelled() {
	f.lock.Lock()
	defer f.lock.Unlock()
	if f.current >= 0 {
		f.end(f.current, trial.Stopped, "")
	}
}

// tail keeps the end of a log.
type tail struct{ text []byte }

func (t *tail) add(s string) {
	t.text = append(t.text, s...)
	if over := len(t.text) - maxLog; over > maxLog {
		t.text = append(t.text[:0], t.text[over:]...)
	}
}

func (t *tail) String() string {
	text := string(t.text[max(0, len(t.text)-maxLog):])
	if len(t.text) > maxLog {
		_, text, _ = strings.Cut(text, "\n")
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}
