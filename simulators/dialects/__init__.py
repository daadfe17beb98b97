"""What each simulated device says on the wire, written from the vendor's document."""
