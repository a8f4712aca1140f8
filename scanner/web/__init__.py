"""The operators' page: what is doubtful, shown to named people, and what they say of it."""
