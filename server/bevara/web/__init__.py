"""What every room shares when it speaks HTTP."""
