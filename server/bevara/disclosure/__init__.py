"""What is handed out: a masked copy for whoever asks, and a folder for the police."""
