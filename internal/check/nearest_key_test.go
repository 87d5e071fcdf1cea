package check

import "testing"

func TestNearestKey(t *testing.T) {
	for name, want := range map[string]string{
		"className": "classname", "class_name": "classname", "clasname": "classname", "verison": "version",
		"connection-type": "connectiontype", "ver\u017fion": "version", " description": "description",
		"publisher": "publishername", "supportInfo": "supportinformation", "timestamp": "releasetimestamp",
		"jdbcClassName": "classname", "connectorVersion": "version",
		"connect": "", "type": "", "name": "", "homepage": "", "": "",
	} {
		if got := nearestKey(name); got != want {
			t.Errorf("%q is taken for %q, not %q", name, got, want)
		}
	}
}
