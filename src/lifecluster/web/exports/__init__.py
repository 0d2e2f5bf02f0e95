"""Any view of the directory as a file: CSV, XLSX, GeoJSON, Parquet, JSON-LD, a Frictionless package, GraphML.

Every row says which sources speak of it and under which licences, and whether it is invented sample data.
"""
