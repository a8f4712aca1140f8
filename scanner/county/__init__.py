"""Many machines read one count: a queue of tasks on PostgreSQL (procrastinate), workers that come and go."""
