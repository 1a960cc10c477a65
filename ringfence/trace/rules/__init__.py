"""The rules of exposure, one file each: `trace_rule(question)` returns contacts, sorted (policy 2.2)."""
