"""Addresses that are kept are those that Django gives, and none outlives the addresses of the web app."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.template import Context, Engine
from django.templatetags.static import static
from django.test import override_settings
from django.urls import NoReverseMatch, clear_url_caches, include, path, reverse
from django.urls.base import set_script_prefix

from lifecluster.web.kit.paths import path_of
from lifecluster.web.shell.views import home

pytestmark = pytest.mark.one_database

urlpatterns = [path("other/", include(([path("", home, name="index")], "directory")))]


@pytest.mark.parametrize(("name", "arguments"), [("directory:index", ()), ("exports:view", ("csv",)), ("home", ())])
def test_the_address_is_that_of_django(name: str, arguments: tuple[str, ...]) -> None:
    assert path_of(name, *arguments) == path_of(name, *arguments) == reverse(name, args=arguments)


def test_another_prefix_is_another_address() -> None:
    plain = path_of("directory:index")
    set_script_prefix("/below/")
    try:
        assert path_of("directory:index") == "/below" + plain
    finally:
        set_script_prefix("/")
    assert path_of("directory:index") == plain


def test_other_addresses_of_the_web_app_are_asked_for_anew() -> None:
    plain = path_of("directory:index")
    with override_settings(ROOT_URLCONF=__name__):
        assert path_of("directory:index") == "/other/"
    clear_url_caches()
    assert path_of("directory:index") == plain


def test_what_has_no_address_is_asked_for_each_time() -> None:
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            path_of("no:such")


def test_addresses_of_static_files_are_those_of_the_storage_as_it_is_now() -> None:
    name = "lifecluster/js/page.js"
    text = f"{{% static '{name}' %}}"
    loader = ("lifecluster.web.kit.quick.loader.Loader", [("django.template.loaders.locmem.Loader", {"page": text})])
    page = Engine(loaders=[loader], builtins=["django.templatetags.static"]).get_template("page")
    assert page.render(Context()) == page.render(Context()) == static(name)
    elsewhere = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
                                                      "OPTIONS": {"base_url": "/else&where/"}}}  # fmt: skip
    with override_settings(STORAGES=elsewhere):
        assert page.render(Context()) == f"/else&amp;where/{name}"
    assert page.render(Context()) == static(name)
