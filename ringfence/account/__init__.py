"""Account: coverage, timeliness, findings, corrective actions and scorecards (policy 7)."""
