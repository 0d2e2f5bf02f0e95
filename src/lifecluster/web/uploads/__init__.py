"""Lists that members and the desk upload: read aside, previewed row by row, mended, accepted in part, undone whole."""
