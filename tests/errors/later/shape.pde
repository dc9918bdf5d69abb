let hole = disk((0, 0), radius = 0.1)
domain Omega = rectangle((0, 0), (2, 1)) ∖ hole
