"""What the kernel, its drivers and its plugins pass to each other: frozen records in MT4's own terms."""
