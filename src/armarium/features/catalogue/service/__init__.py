"""The catalogue room by verb: import, browse, correct, identify, describe pictures."""
