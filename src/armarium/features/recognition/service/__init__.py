"""Scanning by verb: start and follow scans, run the pipeline, identify, review."""
