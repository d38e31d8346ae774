"""What is done to a Swarm: looks, changes, logs, commands. The doors are in `operate.py`, decisions in `planning`."""
