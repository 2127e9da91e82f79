"""Faults tried for real on nightly runs, while readers look on: `make faults`."""
