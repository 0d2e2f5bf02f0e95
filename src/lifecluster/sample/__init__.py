"""A complete, invented sample region in the real layouts, so that what reads real files reads the sample too."""

from lifecluster.sample.write import SampleSummary, write_sample

__all__ = ["SampleSummary", "write_sample"]
