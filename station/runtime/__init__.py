"""Threads, queues and the wiring of one station.

Where to look:

- from settings to parts: wiring, lanes, case_settings, driver_options, link_files
- devices and lanes: device_workers, devices, sources, room_sensors, room, screening, camera_health,
  bias
- who answers staff: desks; people, accounts, pins, sessions, queries, exports, apart, service,
  shifts, thresholds, simulators, control_line
- cases and the ledger's thread: records, ledger_jobs, salvage, salvage_news, case_desk, case_watch,
  case_pictures, daily, settings_trail
- the bridge to the kiosk: bridge, bridge_client, bridge_frames, board
- the way to the CDC: encoding, status
- threads and clocks: worker, watchdog, queues, clock, clock_watch
"""
