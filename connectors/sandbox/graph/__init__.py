"""What the Graph API of Facebook and of Instagram have in common."""
