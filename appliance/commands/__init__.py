"""The commands of `lory`, beside the box itself."""
