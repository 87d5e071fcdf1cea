package fake

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

const logsTarget = "Logs_20140328."

// logPage is how many events a page holds at most, unless the call wants fewer. The
// service's own is 1 MB or 10,000 events: a small one makes readers turn pages.
const logPage = 100

// logs are the streams of CloudWatch Logs.
type logs struct {
	mu      sync.Mutex
	streams map[string]*logStream // by group + "\n" + name
}

type logStream struct {
	messages []string
	delay    int // attempts to read it before it is there
}

func (l *logs) add(group, stream string, delay int, messages []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.streams[group+"\n"+stream] = &logStream{messages, delay}
}

// find is a stream, nil if it is not there yet. The caller holds the lock.
func (l *logs) find(group, stream string) *logStream {
	s := l.streams[group+"\n"+stream]
	if s == nil {
		return nil
	}
	if s.delay > 0 {
		s.delay--
		return nil
	}
	return s
}

// WriteLog writes a stream.
func (w *World) WriteLog(group, stream string, messages ...string) {
	w.logs.add(group, stream, 0, messages)
}

var logsOperations = map[string]operation{
	"GetLogEvents":    logsOp("logs:GetLogEvents", (*World).getLogEvents),
	"FilterLogEvents": logsOp("logs:FilterLogEvents", (*World).filterLogEvents),
}

func (w *World) serveLogs(rw http.ResponseWriter, c *call) { w.serveJSON(rw, c, logsOperations) }

type logsInput struct {
	Group       string   `json:"logGroupName"`
	Stream      string   `json:"logStreamName"`
	Streams     []string `json:"logStreamNames"`
	Prefix      string   `json:"logStreamNamePrefix"`
	Pattern     string   `json:"filterPattern"`
	Token       string   `json:"nextToken"`
	FromHead    bool     `json:"startFromHead"`
	Limit       int      `json:"limit"`
	StartTime   int64    `json:"startTime"`
	EndTime     int64    `json:"endTime"`
	Unmask      bool     `json:"unmask"`
	Interleaved bool     `json:"interleaved"`
	GroupARN    string   `json:"logGroupIdentifier"`
}

func logsOp(action string, op func(*World, *logsInput) (any, *fault)) operation {
	return func(w *World, c *call) (any, *fault) {
		in := &logsInput{}
		if f := decodeStrictly(c.body, in); f != nil {
			return nil, f
		}
		resource := fmt.Sprintf("arn:aws:logs:%s:%s:log-group:%s:log-stream:%s", c.region, c.account, in.Group, in.Stream)
		if msg := w.denialOf(c.arn, action, resource, nil); msg != "" {
			return nil, badRequest("AccessDeniedException", "%s", msg)
		}
		if in.Group == "" || in.GroupARN != "" || in.StartTime != 0 || in.EndTime != 0 {
			return nil, badRequest("InvalidParameterException", "no fake for this form of the call")
		}
		return op(w, in)
	}
}

type logEvent struct {
	Timestamp int64  `json:"timestamp"`
	Message   string `json:"message"`
	Ingestion int64  `json:"ingestionTime"`
	Stream    string `json:"logStreamName,omitempty"`
}

func event(i int, message, stream string) logEvent {
	at := runEpoch.UnixMilli() + int64(i)
	return logEvent{at, message, at + 1000, stream}
}

// getLogEvents pages through a stream. At its end it answers with the token that it
// was asked with, as the service does.
func (w *World) getLogEvents(in *logsInput) (any, *fault) {
	if in.Stream == "" {
		return nil, badRequest("InvalidParameterException", "logStreamName is missing")
	}
	w.logs.mu.Lock()
	defer w.logs.mu.Unlock()
	s := w.logs.find(in.Group, in.Stream)
	if s == nil {
		return nil, badRequest("ResourceNotFoundException", "The specified log stream does not exist.")
	}
	size := min(cmp.Or(in.Limit, logPage), logPage)
	from := max(len(s.messages)-size, 0)
	if in.FromHead {
		from = 0
	}
	if in.Token != "" {
		way, n, _ := strings.Cut(in.Token, "/")
		at, err := strconv.Atoi(n)
		if err != nil || at < 0 || way != "f" && way != "b" {
			return nil, badRequest("InvalidParameterException", "The specified nextToken is invalid.")
		}
		if from = at; way == "b" {
			from = max(at-size, 0)
			size = at - from
		}
	}
	from = min(from, len(s.messages))
	to := min(from+size, len(s.messages))
	events := []logEvent{}
	for i := from; i < to; i++ {
		events = append(events, event(i, s.messages[i], ""))
	}
	return map[string]any{"events": events, "nextForwardToken": fmt.Sprintf("f/%d", to), "nextBackwardToken": fmt.Sprintf("b/%d", from)}, nil
}

// filterLogEvents knows patterns of one term in quotation marks. Pages may be empty
// and yet have one after them.
func (w *World) filterLogEvents(in *logsInput) (any, *fault) {
	term := strings.Trim(in.Pattern, `"`)
	if in.Pattern != "" && in.Pattern != `"`+term+`"` {
		return nil, badRequest("InvalidParameterException", "no fake for the pattern %s", in.Pattern)
	}
	w.logs.mu.Lock()
	defer w.logs.mu.Unlock()
	var names []string
	for key := range w.logs.streams {
		group, name, _ := strings.Cut(key, "\n")
		if group == in.Group && strings.HasPrefix(name, in.Prefix) && (len(in.Streams) == 0 || slices.Contains(in.Streams, name)) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var all []logEvent
	for _, name := range names {
		if s := w.logs.find(in.Group, name); s != nil {
			for i, m := range s.messages {
				all = append(all, event(i, m, name))
			}
		}
	}
	from, err := strconv.Atoi(cmp.Or(in.Token, "0"))
	if err != nil || from < 0 {
		return nil, badRequest("InvalidParameterException", "The specified nextToken is invalid.")
	}
	from = min(from, len(all))
	to := min(from+min(cmp.Or(in.Limit, logPage), logPage), len(all))
	events := []logEvent{}
	for _, e := range all[from:to] {
		if strings.Contains(e.Message, term) {
			events = append(events, e)
		}
	}
	out := map[string]any{"events": events, "searchedLogStreams": []any{}}
	if to < len(all) {
		out["nextToken"] = strconv.Itoa(to)
	}
	return out, nil
}
