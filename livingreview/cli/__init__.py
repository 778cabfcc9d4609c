"""The command line, one command a module; ``python -m livingreview`` runs `main`."""
