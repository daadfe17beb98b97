"""Steps from an empty database to the newest schema, the same on SQLite and PostgreSQL."""
