"""Questions of the clock and the calendar: what they mean, and their answers."""
