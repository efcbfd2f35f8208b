"""Extract: request the services, store every response, and read what is stored."""
