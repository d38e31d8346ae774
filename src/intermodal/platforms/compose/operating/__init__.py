"""What carries plans out on one engine, and looks at it. Decides nothing: that is `planning`."""
