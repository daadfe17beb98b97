"""Threads, queues and the wiring of one station."""
