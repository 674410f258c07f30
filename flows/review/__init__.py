"""`acto review`: the Chair's page, served on this machine alone. Forms and links; it needs no JavaScript and loads none."""
