"""Public places: visits, guests and inspections (policy 5, 2.5)."""
