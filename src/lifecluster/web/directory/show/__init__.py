"""How values of the register look on a page: words, evidence, tables, drawings. Nothing here reads the database."""
