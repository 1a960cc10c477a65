"""The way of the data on one page: receive, detect, respond, follow up, hold to account."""
