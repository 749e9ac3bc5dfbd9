"""Pretrained encoders: texts in, vectors out."""
