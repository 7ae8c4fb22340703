"""The file: opened, its outline, what lies in it beside its pages."""
