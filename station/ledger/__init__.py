"""The durable ledger: one SQLite file, one writing store. SQLAlchemy's rows never leave it.

Where to look:

- the file and its writer: store, writing, rows, tables, people_tables, types, file, database,
  prepared
- a flag at once, its rows right afterwards: intake
- schemas: migrate, first_schema, case_flow_schema, sharing_schema
- beside the writer: reader, lookups, outbox_reader, searching, counting, statistics, summary,
  second_checks, exporting
- people: accounts, identities
- the audit trail: trail, trail_rows, trail_proof, trail_reading
- copies and restoring: copies, numbers
- a damaged file: damage, pages, recovering, salvage, salvage_entry, salvage_figures, carrying,
  missing
- what a file set aside still holds, added: adding, joining
"""
