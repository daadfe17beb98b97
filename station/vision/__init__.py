"""Face locators that need OpenCV (with drivers/, the only place that imports it)."""
