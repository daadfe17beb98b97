"""Temperature reference sources (blackbodies)."""
