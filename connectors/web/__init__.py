"""What feeds and review pages have in common: an address, text in HTML, lists that show only their newest part."""
