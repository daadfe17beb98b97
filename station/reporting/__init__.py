"""What leaves the building: the message, the outbox policy and the MQTT link."""
