"""The subcommands of `fever-station`, one module each."""
