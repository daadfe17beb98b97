"""What each simulated device is and how it changes with time; nothing about bytes."""
