"""The secret that the sandbox takes for valid, on every platform."""

KEY = "sandbox-key-that-opens-nothing"
