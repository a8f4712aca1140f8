"""What people say of doubtful ballots: the two-person rule."""
