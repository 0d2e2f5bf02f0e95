"""Live companies of South Yorkshire with their places, an extract made from the basic company data."""
