"""The kiosk's screens: one module each, one line each in `table.py`.

A screen subclasses `base.Screen` and gets a `Desk`: what the kiosk knows of the station, and the
way to ask something of it. It is made when it first comes into sight: what was told before is in
`desk.model`. From then on the window calls it:

- `retranslate()` at once, and at each change of language: set every fixed word;
- `take(event)` for every event of the station but lane updates, in sight or not;
- `refresh(now)` when it comes into sight and every `REFRESH_MS` while it is: show what holds now;
- `renew()` when the station answers again: forget it all, a snapshot of events follows.

`self.desk.ask(command, on_answer)` sends a command and returns at once; `on_answer` is called once
(for long work: until its last `WorkProgress`) with the station's event that carries the command's
id, `CommandRefused`, or `Unsent`.
`self.go_to.emit(key)` brings another screen into sight. What is shown comes from pure functions of
plain values; sizes come from `ui.sizes`, words from `ui.texts.translate`, colours by roles of
`ui.theme`, drawings from `ui.widgets.pictogram`; buttons are `TouchButton`s with `set_words`.

Whatever stands in the table is judged by `tests/ui/test_every_screen.py`: cut texts, contrast,
sizes, words of the other language, colour as the only sign, names, keyboard. What the screen shall
be looked at in goes into `SCENES_OF` of `tests/ui/scenes.py`.
"""
