"""The durable ledger: SQLAlchemy tables and the one writing store."""
