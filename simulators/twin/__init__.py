"""The physical twin: people, a room, a reference source and a camera, with known truth.

Everything adds up in band radiance, as nature adds it; only the camera's last step makes °C of it.
What has no source stands in `assumptions`.
"""
