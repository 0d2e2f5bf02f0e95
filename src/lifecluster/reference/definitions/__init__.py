"""Which organisations count, and by which words and codes: data, read by lifecluster.register.definition."""
