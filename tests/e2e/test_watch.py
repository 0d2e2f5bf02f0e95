"""What the browser tests count as a failed request: everything but what leaving a page takes back."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.e2e.conftest import NewVisitor
from tests.e2e.harness import Watch


@dataclass(frozen=True)
class Frame:
    """The frame of a window, wherever it is."""

    url: str = field(default="", compare=False)


class Window:
    """A window with one frame."""

    main_frame = Frame()


@dataclass(frozen=True)
class Asked:
    """A request."""

    url: str
    document: bool = False
    frame: Frame = Window.main_frame

    def is_navigation_request(self) -> bool:
        return self.document


def watch() -> Watch:
    return Watch(Window())  # type: ignore[arg-type]  # as much of a page as is looked at


def test_what_leaving_takes_back_is_no_failure() -> None:
    for arrives_first in (False, True):
        found, points, link = watch(), Asked("points.json"), Asked("/organisations/1", document=True)
        found.asked(points)  # type: ignore[arg-type]  # as much of a request as is looked at
        found.asked(link)  # type: ignore[arg-type]
        if arrives_first:
            found.arrived(Frame("/organisations/1"))  # type: ignore[arg-type]
        found.failed(points, "net::ERR_ABORTED")  # type: ignore[arg-type]
        assert found.troubles == []


def test_what_is_taken_back_while_the_page_stays_is_a_failure() -> None:
    found, points = watch(), Asked("points.json")
    found.asked(points)  # type: ignore[arg-type]
    found.arrived(Frame("/directory?q=a"))  # type: ignore[arg-type]  # a change of the address, not of the document
    found.failed(points, "net::ERR_ABORTED")  # type: ignore[arg-type]
    assert found.troubles == ["failed: points.json (net::ERR_ABORTED)"]


def test_a_list_that_comes_while_the_page_is_left_is_no_new_document() -> None:
    found, points, link = watch(), Asked("points.json"), Asked("/organisations/1", document=True)
    found.asked(link)  # type: ignore[arg-type]
    found.arrived(Frame("/directory?q=ab"))  # type: ignore[arg-type]  # the list writes its address
    found.asked(points)  # type: ignore[arg-type]  # for its map
    found.failed(points, "net::ERR_ABORTED")  # type: ignore[arg-type]
    found.arrived(Frame("/organisations/1#facts"))  # type: ignore[arg-type]
    assert found.troubles == []
    again = Asked("points.json?near=DE1")
    found.asked(again)  # type: ignore[arg-type]
    found.failed(again, "net::ERR_ABORTED")  # type: ignore[arg-type]
    assert len(found.troubles) == 1


def test_a_list_that_is_asked_for_again_takes_the_first_question_back() -> None:
    found, first, second = watch(), Asked("/directory?q=a"), Asked("/directory?q=ab")
    found.asked(first)  # type: ignore[arg-type]
    found.asked(second)  # type: ignore[arg-type]
    found.failed(first, "net::ERR_ABORTED")  # type: ignore[arg-type]
    assert found.troubles == []
    found.failed(second, "net::ERR_ABORTED")  # type: ignore[arg-type]
    assert len(found.troubles) == 1


def test_other_failures_count_even_when_the_page_is_left() -> None:
    found, points, link = watch(), Asked("points.json"), Asked("/organisations/1", document=True)
    found.asked(points)  # type: ignore[arg-type]
    found.asked(link)  # type: ignore[arg-type]
    found.failed(points, "net::ERR_CONNECTION_RESET")  # type: ignore[arg-type]
    found.failed(link, "net::ERR_ABORTED")  # type: ignore[arg-type]
    assert len(found.troubles) == 2


def test_a_real_window_tells_both_apart(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    page = visitor.go("/about")
    page.route("**/slow", lambda route: None)  # never answered
    page.evaluate("() => { fetch('/slow').catch(() => {}); }")
    page.goto(visitor.server.url + "/privacy")
    assert visitor.troubles == []
    page.evaluate(
        "() => { const c = new AbortController(); fetch('/slow', {signal: c.signal}).catch(() => {}); c.abort(); }"
    )
    page.wait_for_timeout(200)
    page.route("**/broken", lambda route: route.abort("connectionreset"))
    page.evaluate("() => fetch('/broken').catch(() => {})")
    page.wait_for_timeout(200)
    assert any("/slow" in trouble for trouble in visitor.troubles)
    assert any("/broken" in trouble for trouble in visitor.troubles)
