package trial

// Failures are the known failures' meanings, for a test that each is tried.
func Failures() (all []string) {
	for _, f := range failures {
		all = append(all, f.what)
	}
	return all
}
