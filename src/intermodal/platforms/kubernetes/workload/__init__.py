"""What runs: controllers, Pods and containers. Storage, files, network and waiting come as parts."""
