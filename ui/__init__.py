"""The kiosk: a process of its own, PySide6, no decisions.

`screens` are made of `views`, views of `widgets`; `viewmodels` say what each of them shows, and
`entering` holds what somebody is in the midst of typing, drawing or choosing. Where to look:

- start and windows: app, window, header, navigation, traveller, locking
- what every screen gets: desk, bridge, model, asking
- words: texts, case_texts, sentences, language
- looks: theme, sizes, palette
- sounds and paper: speaker, sounds, muting, printing, slip
- kept in memory or on disk: held, keeping, walkways
- whether it is well: care, pulse
"""
