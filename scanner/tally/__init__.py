"""From decisions to counts to the official forms."""
