"""Text identification without I/O: an index of a catalogue, candidates, evidence, a decision."""
