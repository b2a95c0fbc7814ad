"""Models that make claims about sound and speech, one room per task, each behind its door."""
