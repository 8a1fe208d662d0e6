# Tests.  Every test writes TAP into $(RESULTS); regress/summary counts it.
