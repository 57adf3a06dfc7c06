"""How long a campaign takes, compared with a hand-written script that does only that campaign."""
