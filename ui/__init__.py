"""The kiosk: PySide6 only, no decisions."""
