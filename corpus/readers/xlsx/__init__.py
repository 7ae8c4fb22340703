"""XLSX: what Excel shows of each visible sheet."""
