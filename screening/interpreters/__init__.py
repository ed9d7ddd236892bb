"""What can be done with a rule set, one meaning a module. Each imports `rules`, and at most `evaluate` beside it."""
