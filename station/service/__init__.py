"""What keeps the station's processes alive: systemd's protocol, its units, and a supervisor."""
