"""Devices that speak the real wire protocols, fed by a scene with known truth."""
