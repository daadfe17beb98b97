"""Device drivers: a transport and a pure codec each."""
