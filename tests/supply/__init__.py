"""What the project is built upon: locked packages, their licences, what is known against them."""
