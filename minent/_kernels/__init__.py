"""Compiled loops: arrays in, arrays out, one self-contained file a stage."""
