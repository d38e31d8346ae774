"""What becomes of every volume and mount: decided as plans, rendered as claims, volumes and mounts."""
