"""Models of the same chips behind the same bus interface, byte for byte."""
