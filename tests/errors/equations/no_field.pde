coord x in [0, 1]
eq x = 1
