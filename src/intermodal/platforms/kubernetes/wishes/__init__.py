"""What users ask of this platform beyond Compose: options, `x-intermodal`, labels."""
