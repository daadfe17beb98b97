"""The duty officers' page: what came, who has seen it, and who must be told next.

Where to look:

- requests and pages: serving, app, visit, accounts, contexts, rendering, settings
- words: words, reasons, troubles
- alerts and answers: queries, cases, board, answers, escalation, unread
- stations: presence, heard, figures, checkpoints
- the map: station_map, outline, degrees
- news: live, newest
- whether alerts can come in: intake
"""
