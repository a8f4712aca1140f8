"""What each command does, between the shell and the rooms: read, call one room, print."""
