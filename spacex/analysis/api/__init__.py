"""What `import spacex` offers: the published database as typed frames, and its satellites."""
