"""What the reports made to order say: figures, frames and sentences from the database."""
