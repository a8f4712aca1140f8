"""From an image to a reading and a verdict: pure functions on arrays and values."""
