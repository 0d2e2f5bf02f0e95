"""A register of invented UK companies, and noisy mentions of some of them with the true answer.

The words, streets, towns and postcodes are read at run time from the open files under ``LIFECLUSTER_DATA``;
the companies are invented from them. Nothing is shared with the code that trains the linker, so that a
test on this set is a test on noise the linker has not seen made.

Use it from the command line::

    python -m benchmarks.linkage.generator --size 500000 --queries 6000 --seed 7 --out DIR
"""

from benchmarks.linkage.generator.build import Testset, make_testset, write_testset
from benchmarks.linkage.generator.knobs import ADDRESS_CLASSES, KINDS, NOISE_CLASSES, Knobs

__all__ = ["ADDRESS_CLASSES", "KINDS", "NOISE_CLASSES", "Knobs", "Testset", "make_testset", "write_testset"]
