"""How bytes come and go: serial ports, datagrams, and the raw pictures of video cameras."""
