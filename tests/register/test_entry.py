import dataclasses
import json
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.policy.visibility import Visibility
from lifecluster.register.entry import (
    CORE_ACTIONS,
    START,
    Actions,
    ActionSpec,
    Draft,
    Entry,
    EntryError,
    LogDamagedError,
    check_next,
    from_json,
    verify_chain,
)

AT = "2026-01-31T09:30:00+00:00"
SCHEMA = json.loads((files("lifecluster.register") / "schemas" / "log-entry.schema.json").read_text())

texts = st.none() | st.text(max_size=20).filter(lambda t: t.isprintable() or "\n" in t)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
).filter(lambda value: "\\ud" not in json.dumps(value))
drafts = st.builds(
    Draft,
    at=st.sampled_from([AT, "2026-02-01T00:00Z", "2026-02-01T00:00:00.123456+05:30"]),
    actor=st.sampled_from(["role:desk", "u-7f3a"]),
    action=st.sampled_from(sorted(CORE_ACTIONS.specs)),
    subject=texts,
    object=texts,
    property=texts,
    value=plain,
    why=texts,
    evidence=st.dictionaries(st.text("abc", max_size=4), plain, max_size=3),
    model=texts,
)


def chain(*subjects: str) -> list[Entry]:
    entries: list[Entry] = []
    for seq, subject in enumerate(subjects, start=1):
        draft = Draft(at=AT, actor="role:desk", action="edit.propose", subject=subject, property="name")
        entries.append(Entry.seal(draft, seq=seq, previous=entries[-1].id if entries else START))
    return entries


@given(drafts)
def test_an_entry_survives_its_line_and_fits_the_published_schema(draft: Draft) -> None:
    entry = Entry.seal(draft, seq=1, previous=START)
    line = entry.to_json()
    assert "\n" not in line
    assert from_json(line) == entry
    assert from_json(line.encode()).to_json() == line
    assert entry.content_hash() == entry.id
    check_next(entry, seq=1, previous=START)
    jsonschema.validate(json.loads(line), SCHEMA)


def test_the_schema_names_every_field_and_no_other() -> None:
    names = {f.name for f in dataclasses.fields(Entry)}
    assert set(SCHEMA["properties"]) == names == set(SCHEMA["required"])
    assert SCHEMA["properties"]["visibility"]["enum"] == [level.label for level in Visibility]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(chain("a")[0].to_json()) | {"actor": "A Person"}, SCHEMA)


@given(drafts, st.data())
def test_any_changed_field_is_seen(draft: Draft, data: st.DataObject) -> None:
    entry = Entry.seal(draft, seq=1, previous=START)
    name = data.draw(st.sampled_from(["at", "actor", "action", "subject", "object", "why", "model", "refers_to"]))
    changed = dataclasses.replace(entry, **{name: f"{getattr(entry, name)}x"})
    with pytest.raises(LogDamagedError, match="changed"):
        check_next(changed, seq=1, previous=START)


def test_an_entry_keeps_no_hold_of_what_the_caller_may_change() -> None:
    evidence = {"names": ["A"]}
    entry = Entry.seal(Draft(at=AT, actor="x", action="edit.propose", evidence=evidence), seq=1, previous=START)
    evidence["names"].append("B")
    assert entry.evidence == {"names": ["A"]}
    assert hash(entry) == hash(from_json(entry.to_json()))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}, "\ud800"])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    draft = Draft(at=AT, actor="x", action="edit.propose", value=value)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(EntryError):
        Entry.seal(draft, seq=1, previous=START)


def test_chain_sees_removal_exchange_and_cut() -> None:
    entries = chain("a", "b", "c", "d")
    assert verify_chain(entries) == 4
    assert verify_chain([]) == 0
    assert verify_chain(entries, head=entries[1].id) == 4
    assert verify_chain([], head=START) == 0
    for broken in (entries[1:], entries[:1] + entries[2:], [entries[1], entries[0]]):
        with pytest.raises(LogDamagedError):
            verify_chain(broken)
    assert verify_chain(entries[:2]) == 2, "a cut cannot be seen without a head known elsewhere"
    with pytest.raises(LogDamagedError, match="cut"):
        verify_chain(entries[:2], head=entries[3].id)


def test_renumbering_does_not_hide_a_removal() -> None:
    entries = chain("a", "b", "c")
    forged = dataclasses.replace(entries[2], seq=2)
    with pytest.raises(LogDamagedError, match="does not follow"):
        verify_chain([entries[0], forged])


@pytest.mark.parametrize("line", ["", "nonsense", "[]", "{}", '{"id": 1}', "null"])
def test_a_line_that_is_no_entry(line: str) -> None:
    with pytest.raises(LogDamagedError):
        from_json(line)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"action": "edit.guess"}, "not declared"),
        ({"subject": None}, "needs subject"),
        ({"subject": ""}, "needs subject"),
        ({"actor": "A Person"}, "never a name"),
        ({"actor": "person@example.org"}, "never a name"),
        ({"actor": ""}, "never a name"),
        ({"visibility": "Everyone!"}, "not a level"),
        ({"at": "2026-01-31"}, "date-time"),
        ({"at": "2026-01-31T09:30:00"}, "offset"),
        ({"at": "2026-02-31T09:30:00Z"}, "date-time"),
        ({"at": "yesterday"}, "date-time"),
    ],
)
def test_refusals(change: dict[str, str | None], says: str) -> None:
    good = Draft(at=AT, actor="role:desk", action="edit.propose", subject="a", property="name")
    CORE_ACTIONS.check(good)
    with pytest.raises(EntryError, match=says):
        CORE_ACTIONS.check(dataclasses.replace(good, **change))


def test_rooms_declare_their_own_actions_without_touching_the_core() -> None:
    mine = CORE_ACTIONS.extend(ActionSpec("voice.reply", ("subject",), "a reply is recorded"))
    mine.check(Draft(at=AT, actor="x", action="voice.reply", subject="ask"))
    assert "voice.reply" not in CORE_ACTIONS.specs
    with pytest.raises(EntryError, match="twice"):
        mine.extend(ActionSpec("voice.reply", (), "again"))
    with pytest.raises(EntryError, match="dotted"):
        Actions.of(ActionSpec("reply", (), "no room"))
