"""What holds of the repository's shape, so that somebody who opens it finds things where they belong."""
