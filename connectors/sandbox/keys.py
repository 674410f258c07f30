"""The secrets that the sandbox takes for valid, on every platform."""

KEY = "sandbox-key-that-opens-nothing"
# What Google's token endpoint gives for a refresh token, and its APIs take.
ACCESS_TOKEN = "sandbox-access-token-that-opens-nothing"  # noqa: S105
