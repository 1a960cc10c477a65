"""Access: users, roles, area paths and purposes; the one scoped query every desk read goes through (policy 6.4)."""
