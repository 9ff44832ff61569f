"""The reading copy: one comment as a PDF/A-2a (ISO 19005-2), made anew each time and kept nowhere.
"""
