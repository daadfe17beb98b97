"""Hub files that come with the simulators."""
