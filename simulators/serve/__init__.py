"""Simulated devices on real wires: pseudo-terminals, TCP, UDP, HTTP, and the control port."""
