"""What a home holds besides the index: settings, records, the person's own documents."""
