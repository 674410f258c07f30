"""The scorer. Its runtime, onnxruntime, would report to its maker (from 1.32 on also on Linux): nothing may leave the machine."""

import os

# Before onnxruntime is imported, or it is too late.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
