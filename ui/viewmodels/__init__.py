"""What the screens show, as plain values: pure functions of the model and the time; no widgets."""
