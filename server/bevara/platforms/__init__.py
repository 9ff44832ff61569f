"""What is known of each platform: packs are loaded, checked and signed here, never run."""
