"""What somebody is in the midst of entering, as plain values: each touch gives the next one."""
