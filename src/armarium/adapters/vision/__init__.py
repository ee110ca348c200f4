"""Seeing with OpenCV and one small network: functions over pixels, for the inference process."""
