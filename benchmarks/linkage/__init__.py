"""Record linkage of organisation names: a hard test set, public peers, and the driver that compares them."""
