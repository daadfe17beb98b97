"""The CDC's side: stores what stations send, once, and answers with receipts.

`inbox` is the duty officers' page. Where to look:

- from the broker into the inbox: receiver, connection, client, canary, store, trust, alive
- the inbox's database: database, tables, opening, migrate, times
- what is missing, and asked for: gaps, marks, markfile, asking
- what could not be stored as an alert: aside
- sealed identities: persons
- handed on: fhir, fhir_answers, table
"""
