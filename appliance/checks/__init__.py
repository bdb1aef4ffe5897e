"""What `lory doctor` looks at, one module per thing; each returns findings and changes nothing."""
