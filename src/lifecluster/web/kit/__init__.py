"""The component library: everything that appears on more than one page is drawn here, once.

A component is a small frozen dataclass that renders itself (`{{ thing }}` in a template, `str(thing)` in code) or a
template tag of `templatetags/kit.py`, which needs no `{% load %}`. The style guide at /style shows them all.
"""
