"""Reports by code, payer and date."""
