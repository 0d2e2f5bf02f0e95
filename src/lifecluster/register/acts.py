"""How judgements say in their evidence that they were made as a merge or as a split of organisations."""

from __future__ import annotations

from typing import Final

ACT: Final = "act"
"""Part of the evidence: `MERGE` or `SPLIT`; then `SIDES` says which records stood on which side."""
MERGE, SPLIT, SIDES = "merge", "split", "records"
