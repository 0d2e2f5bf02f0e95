"""`show --all` tells where a firm is partner or buyer, and names everybody."""

from __future__ import annotations

from lifecluster.register.lookup import ROLES, names_of, taking_part

from .tiny import conforms, run


def test_every_partner_and_buyer_is_found_by_a_slow_twin(sample_package):
    """All rows of all tables, gone through by hand, for the organisations that take part most."""
    expected: dict[str, set[tuple[str, str]]] = {}
    for table in ("awards", "contracts", "collaborations", "trials"):
        for row in sample_package.table(table).to_dicts():
            for role in ROLES:
                for one in row.get(role) or ():
                    if one not in (row["holder"] or ()):
                        expected.setdefault(one, set()).add((row["id"], role))
    names = dict(sample_package.table("organisations").select("id", "name").iter_rows())
    most = sorted((one for one in expected if one in names), key=lambda one: (-len(expected[one]), one))[:5]
    assert most
    for own in most:
        rows = [row for part in taking_part(sample_package, own).values() for row in part]
        assert {(row["id"], role) for row in rows for role in row["roles"]} == expected[own]
    own = most[0]
    told = run("show", own, "--all", "--package", sample_package.path).out
    assert all(thing in told for thing, _ in expected[own])
    found = run("show", own, "--json", "--package", sample_package.path).json
    conforms(found, "show")
    parts = {(part["id"], role) for part in found["works_with"] for role in part["roles"] if role != "holder"}
    assert parts == expected[own]
    assert all(one["name"] == names.get(one["id"]) for part in found["works_with"] for one in part["others"])
    assert all(part["id"] in told and other["id"] in told for part in found["works_with"] for other in part["others"])
    row = next(row for part in taking_part(sample_package, own).values() for row in part)
    assert f"holder: {names[row['holder'][0]]}  {row['holder'][0]}" in told


def test_names_are_of_those_that_are_there(sample_package):
    ids = sample_package.table("organisations")["id"].head(3).to_list()
    assert set(names_of(sample_package, [*ids, "nobody"])) == set(ids)
