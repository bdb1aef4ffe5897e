"""Alarms, timers and reminders that are set: kept, counted, rung, missed."""
