"""What can be plugged in, a module a model: device, dialect and wire put together.

Each has `build(site, name, **options) -> Plugged`; `simulators.catalogue` lists them.
"""
