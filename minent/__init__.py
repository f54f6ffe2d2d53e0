"""minent mines words, segmentations and rules from raw Chinese text with nothing but statistics."""
