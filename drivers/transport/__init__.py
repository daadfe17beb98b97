"""How bytes come and go: serial ports, Modbus, datagrams, Bluetooth events, keys, raw pictures."""
