"""Tests mirror scanner/, room by room; strategies.py is their shared vocabulary."""
