"""Teaches the learned readers; the only place that knows torch."""
