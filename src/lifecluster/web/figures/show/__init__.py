"""Results of claims in the words, drawings and tables of pages."""
