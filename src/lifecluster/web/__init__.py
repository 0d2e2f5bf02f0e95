"""The web app: how people use the register. Rooms of the library have rooms of the same name here.

Nothing in this package imports a data library while it starts (polars, DuckDB, LightGBM, Altair): a page that needs
one imports it inside the function that uses it, and a test watches over it.
"""
