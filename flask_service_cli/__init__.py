"""The command line of the template: what services run without containing it."""
