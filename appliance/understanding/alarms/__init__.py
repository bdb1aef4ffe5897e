"""Requests for alarms, timers and reminders: what they mean, how they are said back."""
