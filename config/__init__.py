"""Settings: shipped defaults, site files and their loader (standard library only)."""
