"""What banks tell of our accounts: their statements read, and kept without anyone in them."""
