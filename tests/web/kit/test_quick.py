"""Templates rendered by functions give what Django's own rendering gives, letter for letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Engine, Template, TemplateSyntaxError, VariableDoesNotExist, engines
from django.template.base import NodeList
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

import lifecluster
from lifecluster.web.kit.quick.loader import Loader, Quick
from lifecluster.web.kit.rendering import format_html

pytestmark = pytest.mark.one_database

HERE = Path(lifecluster.__file__).parent
HOSTILE = (
    "<script>alert(1)</script>",
    "\"' onload='x",
    "{{ a }} {% if %}",
    "&lt;b&gt;",
    "\u202eevil\u202c שלום",
    "x" * 500,
    "👩🏽‍🔬",
    "",
)


@dataclass
class Thing:
    """A value with attributes, methods and properties of every kind."""

    name: str
    inner: Any = None
    shelf: dict[str, Any] = field(default_factory=dict)

    def method(self) -> str:
        return f"<{self.name}>"

    def wants(self, one: str) -> str:
        return one

    def spoils(self) -> str:
        raise AssertionError("a template must not call this")

    spoils.alters_data = True  # type: ignore[attr-defined]  # Django's mark

    @property
    def broken(self) -> str:
        raise KeyError(self.name)

    @property
    def silent(self) -> str:
        raise VariableDoesNotExist("nothing")

    def __str__(self) -> str:
        return f"thing & {self.name}"


class MissingError(Exception):
    """What a template passes over."""

    silent_variable_failure = True


VALUES = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=20), st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False),
    st.dates(), st.sampled_from(HOSTILE).map(mark_safe), st.builds(Thing, st.sampled_from(HOSTILE)),
)  # fmt: skip
NESTED = st.recursive(
    VALUES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from(["a", "b", "items", "name", "0"]), inner, max_size=3),
        st.builds(Thing, st.sampled_from(HOSTILE), inner, st.dictionaries(st.sampled_from(["a", "0"]), inner, max_size=2)),
    ),
    max_leaves=8,
)  # fmt: skip
LAZY = NESTED.map(lambda value: SimpleLazyObject(lambda: value))
CONTEXTS = st.dictionaries(st.sampled_from(["a", "b", "c", "title", "rows"]), st.one_of(NESTED, LAZY), max_size=5)
PIECES = {
    "page": "{% extends 'base' %}{% block title %}{{ title }}{% endblock %}{% block body %}{% include 'row' with a=b %}"
            "{% for x in rows %}{% include 'row' %}{{ forloop.counter }}{{ x }}{% endfor %}{{ x }}{% endblock %}",
    "middle": "{% extends 'base' %}{% block body %}<p>{% block inner %}{{ a }}{% endblock %}</p>{% endblock %}",
    "leaf": "{% extends 'middle' %}{% block inner %}{{ b.name }}{% endblock %}",
    "with super": "{% extends 'middle' %}{% block inner %}{{ block.super }}!{{ a }}{% endblock %}",
    "base": "<title>{% block title %}none{% endblock %}</title>{{ title }}{% block body %}{% endblock %}",
    "row": "[{{ a }}|{{ x.name }}|{% if x %}{{ x.inner }}{% endif %}]",
    "values": "{{ a }}{{ a.a }}{{ a.items }}{{ a.0 }}{{ a.name }}{{ a.method }}{{ a.wants }}{{ a.spoils }}{{ a.inner.name }}"
              "{{ a.shelf.a }}{{ nothing }}{{ nothing.at.all }}{{ template_name }}{{ True }}{{ None }}{{ 12 }}{{ 1.5 }}{{ 'x<y' }}",
    "filters": "{{ a|default:'<i>' }}{{ a|default:b }}{{ a|length }}{{ a|safe }}{{ a|upper }}{{ a|truncatechars:5 }}{{ a|soft }}"
               "{{ nothing|default:'none' }}{{ nothing|length }}{{ a|escape|lower }}{{ a|linebreaks }}{{ a|date:'Y' }}{{ a|yesno }}",
    "conditions": "{% if a and b or not c %}1{% elif a == b %}2{% elif a > b %}3{% elif a in rows %}4{% else %}5{% endif %}"
                  "{% if a|length > 1 %}6{% endif %}{% if nothing is None %}7{% endif %}{% if a.name != b.name %}8{% endif %}",
    "loops": "{% for x in rows %}{{ x }}{% for y in x %}{{ forloop.parentloop.counter0 }}{{ forloop.last }}{{ y.name }}{% endfor %}"
             "{% empty %}none{% endfor %}{% for x in a.items reversed %}{{ x }}{{ forloop.revcounter }}{% endfor %}{{ forloop }}",
    "pairs": "{% for k, v in a.items %}{{ k }}={{ v }};{% endfor %}",
    "scopes": "{% with x=a.name y=b %}{{ x }}{{ y.a }}{% with x=y %}{{ x }}{% endwith %}{{ x }}{% endwith %}{{ x }}"
              "{% include 'row' with x=a only %}{% include title %}",
    "left to Django": "{% for x in rows %}{% cycle 'o' 'e' %}{% firstof x.name a 'z' %}"
                      "{% spaceless %}<b> {{ x }} </b> <i></i>{% endspaceless %}{% endfor %}{% autoescape off %}{{ a }}{% endautoescape %}",
    "kit/crumbs.html": "{{ here }}",
    "tags": "{% icon 'yes' %}{% badge 'sample' %}{% for x in rows %}{{ x|soft }}{% endfor %}{% evidence_panels %}{% section title name='n' note=a %}"
            "{{ b }}{% for x in rows %}{% badge 'stale' x %}{% endfor %}{% endsection %}{% crumbs 'D' '/d' title %}",
}  # fmt: skip
BUILTINS = ["django.templatetags.static", "lifecluster.web.kit.templatetags.kit"]


def engine(loader: str) -> Engine:
    plain: list[Any] = ["django.template.loaders.locmem.Loader", PIECES]
    return Engine(loaders=[(loader, [plain])], builtins=BUILTINS)


QUICK, PLAIN = engine("lifecluster.web.kit.quick.loader.Loader"), engine("django.template.loaders.cached.Loader")


def outcome(render: Callable[[], str]) -> tuple[str, str]:
    try:
        return "page", render()
    except Exception as error:
        return "error", type(error).__name__


@given(st.sampled_from(sorted(PIECES)), CONTEXTS)
def test_the_function_gives_what_django_gives(name: str, variables: dict[str, Any]) -> None:
    ours = outcome(lambda: QUICK.get_template(name).render(Context(variables)))
    theirs = outcome(lambda: PLAIN.get_template(name).render(Context(variables)))
    if theirs[0] == "page" or ours[0] == "page":
        assert ours == theirs


def test_properties_that_fail_fail_as_with_django() -> None:
    for text in ("{{ a.broken }}", "{% for x in rows %}{{ x.broken }}{% endfor %}"):
        PIECES["now"] = text
        for one in (engine("lifecluster.web.kit.quick.loader.Loader"), engine("django.template.loaders.cached.Loader")):
            with pytest.raises(KeyError):
                one.get_template("now").render(Context({"a": Thing("x"), "rows": [Thing("y")]}))
    del PIECES["now"]


def test_a_failure_that_asks_for_silence_is_silent() -> None:
    class Shy:
        @property
        def name(self) -> str:
            raise MissingError

    for one in (QUICK, PLAIN):
        assert "[|" in one.get_template("row").render(Context({"x": Shy()}))


def test_the_context_is_as_it_was_after_rendering() -> None:
    context = Context({"rows": [1, 2], "a": "x", "title": "row"})
    before = context.flatten()
    for name in ("page", "left to Django", "scopes", "tags"):
        QUICK.get_template(name).render(context)
        assert context.flatten() == before


def test_escaping_that_is_off_stays_off() -> None:
    context = Context({"a": "<b>"}, autoescape=False)
    assert QUICK.get_template("row").render(context) == PLAIN.get_template("row").render(
        Context({"a": "<b>"}, autoescape=False)
    )


def test_every_template_of_the_web_app_is_quick() -> None:
    found = engines["django"].engine
    assert isinstance(found.template_loaders[0], Loader)
    for name in ("directory/index.html", "directory/organisation.html", "shell/home.html", "shell/base.html"):
        template = found.get_template(name)
        assert isinstance(template.nodelist, Quick)
        assert not template.engine.debug


def test_no_template_of_the_web_app_has_a_tag_that_would_be_read_wrongly() -> None:
    found = engines["django"].engine
    folders = {Path(one) for one in get_app_template_dirs("templates")} | {Path(one) for one in found.dirs}
    ours = [folder for folder in folders if folder.is_relative_to(HERE)]
    names = sorted({p.relative_to(folder).as_posix() for folder in ours for p in folder.rglob("*.html")})
    assert {"directory/index.html", "figures/claim.html", "kit/form.html", "account/login.html"} <= set(names)
    assert len(names) > 60
    for name in names:
        assert isinstance(found.get_template(name).nodelist, Quick), name  # made only of what `check` lets through


def test_no_view_shows_a_page_that_another_package_wrote() -> None:
    """Packages bring templates of their own; ours stand before each that an address of this web app can reach."""

    def views(resolver):
        for one in resolver.url_patterns:
            yield from views(one) if hasattr(one, "url_patterns") else [getattr(one.callback, "view_class", None)]

    theirs = [view for view in views(get_resolver()) if view and not view.__module__.startswith("lifecluster.")]
    names = {name for view in theirs if (name := getattr(view, "template_name", None))}
    assert len(names) > 20
    for name in sorted(names):
        assert Path(engines["django"].engine.get_template(name).origin.name).is_relative_to(HERE), name


WRONG = {
    "{% ifchanged x %}new{% endifchanged %}": "{% ifchanged %}",
    "{% static 'a.css' as v %}": "{% static … as v %}",
    "{% url 'home' as v %}": "{% url … as v %}",
    "{% firstof a b as v %}": "{% firstof … as v %}",
    "{% icon 'yes' as v %}": "{% icon … as v %}",
    "{% cycle 'o' 'e' as v %}": "{% cycle … as v %}",
    "{% regroup rows by name as v %}": "{% regroup",
    "{% now 'Y' as v %}": "{% now",
    "{% widthratio a b 100 %}": "{% widthratio",
    "{% section 'a' name='n' as v %}b{% endsection %}": "{% section … as v %}",
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(
    "around",
    ["{}", "\n{{% if a %}}{{% for x in rows %}}\n{}{{% endfor %}}{{% endif %}}",
     "{{% extends 'base' %}}{{% block body %}}\n{{% with b=a %}}{{% spaceless %}}{}{{% endspaceless %}}{{% endwith %}}{{% endblock %}}"],
)  # fmt: skip
def test_a_tag_that_would_be_read_wrongly_is_refused_with_its_line(wrong: str, around: str) -> None:
    text = around.format(wrong)
    pieces = {**PIECES, "mine": text}
    loader: Any = ("lifecluster.web.kit.quick.loader.Loader", [("django.template.loaders.locmem.Loader", pieces)])
    ours = Engine(loaders=[loader], builtins=BUILTINS)
    for _again in range(2):  # what was refused stays refused
        with pytest.raises(TemplateSyntaxError) as refused:
            ours.get_template("mine")
        line = text[: text.index(wrong)].count("\n") + 1
        assert str(refused.value).startswith(f"mine, line {line}: {WRONG[wrong]}")


def test_pages_are_one_function_with_their_parents() -> None:
    """The directory leaves only what is told apart by more than text to Django."""
    from lifecluster.web.kit.quick.writing import _Writer

    template: Template = engines["django"].engine.get_template("directory/index.html")
    left = [type(value).__name__ for name, value in _written(_Writer(template)).items() if name.startswith("node")]
    assert sorted(left) == ["InclusionNode"]
    assert NodeList in type(template.nodelist).__mro__


def _written(writer: Any) -> dict[str, Any]:
    writer.page()
    known: dict[str, Any] = writer.known
    return known


@given(st.lists(VALUES, min_size=2, max_size=2))
def test_markup_is_put_together_as_django_does(values: list[Any]) -> None:
    from django.utils import html

    made = format_html('<a href="{}">{}</a>', *values)
    assert isinstance(made, SafeString)
    assert made == html.format_html('<a href="{}">{}</a>', *values)


def test_dates_are_written_as_elsewhere() -> None:
    one, other = (e.get_template("values").render(Context({"a": date(2026, 11, 22)})) for e in (QUICK, PLAIN))
    assert one == other
