"""Speed and accuracy, one JSON line per run."""
