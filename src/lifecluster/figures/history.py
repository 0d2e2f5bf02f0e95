"""The history of claims: append-only records of what was computed, and publications that are frozen and citable.

Entries are plain values (JSON), so that a file beside a package and a table of the web app hold the same. An entry's id
is a hash of all the rest of it; a computation names the one before it of the same claim and place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.figures.change import State
from lifecluster.figures.claim import Kind, digest
from lifecluster.figures.compute import state
from lifecluster.figures.result import Result
from lifecluster.figures.rows import Row

Entry = Mapping[str, Any]
COMPUTED, PUBLISHED = "computed", "published"
SHORT = 12
"""Characters of an id that stand in an address."""


def computed(result: Result, history: Iterable[Entry] = ()) -> dict[str, Any]:
    """The record of a computation, with its rows, its recipe in full, and the record before it.

    The rows of a withheld basis are kept as well: a record is for the desk; what is published is `public`.
    """
    earlier = latest(history, result.claim.name, result.place.name)
    bases = []
    for basis in result.bases:
        found = state(basis, result.claim)
        bases.append({
            **basis.to_dict(), "kind": found.kind, "definition_digest": found.definition,
            "row_list": [row.to_dict() for row in basis.rows],
        })  # fmt: skip
    body = {
        "entry": COMPUTED, "claim": result.claim.name, "region": result.place.name, "at": result.at,
        "result": {**result.to_dict(), "bases": bases}, "recipe": result.claim.recipe(),
        "previous": None if earlier is None else earlier["id"],
    }  # fmt: skip
    return _sealed(body)


def publish(record: Entry, *, at: str, by: str, note: str = "") -> dict[str, Any]:
    """A publication: the record's public part and its recipe, frozen; `by` a role, `at` the day (YYYY-MM-DD).

    `address` is what it is cited by, below the address of the instance. Raises LifeclusterError for a record that was
    changed, or that is no computation.
    """
    check(record)
    if record["entry"] != COMPUTED:
        raise LifeclusterError("only what was computed can be published")
    body = {
        "entry": PUBLISHED, "claim": record["claim"], "region": record["region"], "at": at, "by": by, "note": note,
        "record": record["id"], "recipe": record["recipe"], "result": public(record),
        "address": f"claims/{record['claim']}/{record['region']}/{record['id'][:SHORT]}",
    }  # fmt: skip
    return _sealed(body)


def public(record: Entry) -> dict[str, Any]:
    """A record without its rows: those of a withheld figure must not leave, the others are in its sources."""
    result = dict(record["result"])
    private = {"row_list", "kind", "definition_digest"}
    result["bases"] = [{k: v for k, v in basis.items() if k not in private} for basis in result["bases"]]
    return result


def citation(publication: Entry, *, instance: str) -> str:
    """How a publication is cited: sentence, verdict, day, and its address below `instance` (an address of the web)."""
    check(publication)
    verdict = publication["result"]["verdict"]
    address = f"{instance.rstrip('/')}/{publication['address']}"
    return f"{publication['result']['sentence']}. Verdict: {verdict}. Published {publication['at']}. {address}"


def append(history: Sequence[Entry], entry: Entry) -> tuple[Entry, ...]:
    """The history with one more entry.

    Raises LifeclusterError for an entry that was changed after it was made, that is there already, that does not follow
    the newest of its claim and place, or that publishes a record which is not in the history.
    """
    check(entry)
    if any(known["id"] == entry["id"] for known in history):
        raise LifeclusterError(f"entry {entry['id'][:SHORT]} is in the history already")
    if entry["entry"] == COMPUTED:
        newest = latest(history, entry["claim"], entry["region"])
        if entry["previous"] != (None if newest is None else newest["id"]):
            raise LifeclusterError("the history has moved on since this was computed: compute it again")
    elif not any(known["id"] == entry["record"] for known in history):
        raise LifeclusterError("publishes a record that is not in the history")
    return (*history, entry)


def check(entry: Entry) -> None:
    """Raise LifeclusterError unless the entry is as it was made: its id is the hash of the rest of it."""
    body = {key: value for key, value in entry.items() if key != "id"}
    if entry.get("entry") not in {COMPUTED, PUBLISHED} or entry.get("id") != digest(body):
        raise LifeclusterError("an entry of the history of claims was changed or is damaged")


def latest(history: Iterable[Entry], claim: str, region: str) -> Entry | None:
    """The newest computation of a claim about a place."""
    found = None
    for entry in history:
        if entry["entry"] == COMPUTED and (entry["claim"], entry["region"]) == (claim, region):
            found = entry
    return found


def states(record: Entry | None) -> dict[str, State]:
    """Label of a basis -> its state, for `compute(previous=)`; empty without a record or rows."""
    if record is None:
        return {}
    found: dict[str, State] = {}
    for basis in record["result"]["bases"]:
        if basis["kind"] in get_args(Kind) and basis["row_list"]:
            rows = tuple(Row.of(row) for row in basis["row_list"])
            found[basis["basis"]] = State(basis["kind"], rows, tuple(basis["classes"]), basis["definition_digest"],
                                          basis["source"], basis["vintage"] or "")  # fmt: skip
    return found


def read(path: Path) -> tuple[Entry, ...]:
    """The history in a file, one entry a line; empty if there is none. Raises InputError naming a bad line."""
    history: tuple[Entry, ...] = ()
    if not path.is_file():
        return history
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            history = append(history, json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError("this line is no entry of a history", file=path.name, row=number) from error
        except LifeclusterError as error:
            raise InputError(str(error), file=path.name, row=number) from error
    return history


def keep(path: Path, entry: Entry) -> None:
    """Append one entry to the file; what is there already is never touched. Raises as `read` and `append` do."""
    append(read(path), entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n")


def _sealed(body: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(body, default=str))
    return {"id": digest(plain), **plain}
