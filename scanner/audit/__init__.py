"""The record of every act: a chain in which nothing can be changed, left out or put in unseen."""
