"""What leaves the building: the message, the outbox policy and the MQTT link.

`messages` is the one source of every message's form. Where to look:

- what is said: composing, payload, schema, topics
- who may read and believe it: signing, sealing, persons, keyfiles, watching
- what leaves next: outbox, upcoming, asked
- on the wire: link, mqtt, express, clients, tls
"""
