"""The commands behind ``fsl-desktop``, one file each: the same engine without a window."""
