"""What is understood without a model, measured: typed, spoken and heard."""
