package check

var testPlan = Rule{
	ID:       "test-plan",
	Severity: Error,
	Summary:  "the test plan is one that the guide's tests can be made of, and holds no password",
	Why:      "Nothing is tested with a plan that says something else than its author means; a password in it is everybody's.",
	Source:   "AWS's guide, steps 5 and 6; aws-glue-samples, localValidation and glueJobValidation",
	Check: func(s *Subject, fs *Findings) {
		if s.Plan == nil {
			return
		}
		for _, p := range s.Plan.Problems {
			fs.add(s.Plan.Path, p.At, p.Message, p.Advice)
		}
	},
}
