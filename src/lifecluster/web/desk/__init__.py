"""The desk: one screen of what needs a person, and the pages on which the cluster team works."""
