"""From a folder of inputs to a package: read, place, classify, link, cluster, name, assemble, write."""
