"""Devices that speak the real wire protocols, fed by a scene with known truth.

What a device is (`devices`), what it says (`dialects`), on which wire (`serve`), and the three put
together (`models`); `hub` runs many of them, `twin` is the physics. They never import a driver.
"""
