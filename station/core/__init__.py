"""The pure rules of screening: numpy and the standard library, no threads, files or clocks.

Where to look:

- a frame: frames, frame_checks, frame_figures, masks, room, radiance
- the reference source: reference, source, pointing, swept_source, linearity
- a face and its reading: faces, anatomy, extraction, uncertainty, estimation, screening,
  face_picture
- from frame to frame: lane, lane_steps, lane_events, passages, visits, visit_book
- who is who in a crowd: following, tracks, assignment, pairing, appearance, look_table, proof,
  reunion, crowds, neighbours
- what is watched beside the answers: watch, cohort, camera_bias, robust, health, trends
- a case: cases, case_flow, stages, second_check, handhelds, registration, handing_over,
  taking_back, identity
- people and shifts: people, accounts, rights, shift, shift_matters, threshold_change
- what leaves the station: report, daily, status, clock_quality
- looking back: audit, copying, salvage, search, questions, statistics, spreadsheets, daily_sheet
- what crosses the bridge: commands and events, those of one subject in `*_commands` and `*_events`;
  about
- what all of it needs: ports, errors, closing, scrubbing
"""
