"""Link reviews: two records side by side, and what a person says of them."""
