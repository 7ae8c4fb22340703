"""Keeping an index well: the doctor, backups, whether its parts agree."""
