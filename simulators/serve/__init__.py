"""Simulated devices on real wires: pseudo-terminals, TCP, HTTP, and the control port."""
