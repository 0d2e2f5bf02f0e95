"""Companies House: the basic company data product, its layout and its fast reader."""
